// npm run package [-- --fast]: builds what this machine can of the installers, into out/.
// --fast packs loosely, for tests.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { spawnSync } from 'node:child_process';
import { setUpElectron } from './setup.mjs';
import { ensureBuild } from './setup/build.mjs';
import { main } from './setup/main.mjs';
import { ROOT, say } from './setup/process.mjs';

const TOOLS_ADDRESS = 'https://github.com/electron-userland/electron-builder-binaries/releases';
const PROBE_MS = 8_000;

await main(async () => {
  const isFast = process.argv.includes('--fast');
  const { electron, stop } = await setUpElectron({ display: false });
  stop();
  await ensureBuild();
  // These need node modules, which may only just have come.
  const { OUT, STAGE, appImageConfig, builderConfig } = await import('./package/builder-config.mjs');
  const { stageApp } = await import('./package/stage.mjs');
  const { writeBill } = await import('./package/bill.mjs');
  const { writeIcons } = await import('./package/icon.mjs');
  const { signingFromEnvironment } = await import('./package/signing.mjs');
  const { channelFromEnvironment } = await import('./package/update-feed.mjs');
  const { Platform, build } = await import('electron-builder');
  const { platform, arch } = process;
  const updates = channelFromEnvironment(process.env);
  const app = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const version = readFileSync(join(electron.dir, 'version'), 'utf8').trim().replace(/^v/, '');
  const isStandIn = electron.kind === 'stand-in';
  if (isStandIn)
    say(`Packed with the stand-in Electron ${version}: for development and tests only, never to be given to people.`);
  rmSync(OUT, { recursive: true, force: true });
  stageApp(join(STAGE, 'app'), { platform, arch });
  writeBill(join(STAGE, 'licenses'), { platform, arch, electron: { version } });
  writeIcons(join(STAGE, 'icons'));
  const signing = signingFromEnvironment(platform, process.env);
  for (const { sentence } of [signing, updates]) if (sentence !== undefined) say(sentence);
  const config = builderConfig({ electron: { dir: electron.dir, version }, signing, channel: updates.channel });
  const pack = (targets, wanted = config) => build({ projectDir: ROOT, targets, config: wanted, publish: 'never' });
  const made = [];
  if (platform === 'linux') {
    await pack(Platform.LINUX.createTarget('dir'));
    const unpacked = join(OUT, arch === 'x64' ? 'linux-unpacked' : `linux-${arch}-unpacked`);
    made.push(unpacked);
    if (spawnSync('dpkg-deb', ['--version']).status === 0) {
      const { makeDeb } = await import('./package/deb.mjs');
      const compression = isFast ? ['-Zgzip', '-z1'] : ['-Zxz'];
      made.push(
        await makeDeb(unpacked, { app, version: app.version + (isStandIn ? '~standin' : ''), arch, compression }),
      );
    } else say('No deb: dpkg-deb is not on this machine.');
    const hasTools = (process.env.APPIMAGE_TOOLS_PATH ?? '') !== '';
    if (isFast || (isStandIn && !hasTools))
      say('No AppImage: it is made with an official Electron, and without --fast.');
    else if (hasTools || (await answers(TOOLS_ADDRESS)))
      await pack(Platform.LINUX.createTarget('AppImage'), appImageConfig(config, isStandIn));
    else
      say(
        "No AppImage: electron-builder's tools could not be fetched (github.com does not answer), and " +
          'APPIMAGE_TOOLS_PATH names no folder of them.',
      );
    say('No Windows and no macOS installer: each is built on its own system, by the same command.');
  } else {
    await pack(isFast ? Platform.current().createTarget('dir') : Platform.current().createTarget());
  }
  if (existsSync(STAGE)) rmSync(STAGE, { recursive: true, force: true });
  for (const path of made) say(`Made ${relative(ROOT, path)}.`);
});

async function answers(address) {
  try {
    return (await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch {
    return false;
  }
}
