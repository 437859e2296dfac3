// npm run sign-feed [-- FOLDER]: writes and signs the update feeds of the installers in a folder, out/ without one.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFeeds, publicKeyOf, signingKeyFromEnvironment } from './package/update-feed.mjs';
import { main } from './setup/main.mjs';
import { ROOT, say } from './setup/process.mjs';

await main(async () => {
  const folder = resolve(process.argv[2] ?? join(ROOT, 'out'));
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const privateKey = signingKeyFromEnvironment(process.env);
  const feeds = await makeFeeds(folder, { version, releaseDate: new Date().toISOString(), privateKey });
  const put = (name, text) => {
    const path = join(folder, name);
    writeFileSync(`${path}.tmp`, text, { flush: true });
    renameSync(`${path}.tmp`, path);
  };
  for (const { name, text, signature } of feeds) {
    put(`${name}.sig`, signature);
    put(name, text);
    say(
      `Signed ${name}: ${JSON.parse(text)
        .files.map(({ url }) => url)
        .join(', ')}.`,
    );
  }
  say(`The app believes them where it was built with SPLATFORMER_UPDATE_PUBLIC_KEY=${publicKeyOf(privateKey)}.`);
});
