// npm run --silent cli -- COMMAND …: sets up, builds the command line where it is older than its sources, runs it.
import { join } from 'node:path';
import { setUpElectron, setUpNode } from './setup.mjs';
import { needsTheApp } from './setup/app-commands.mjs';
import { ensureBuild } from './setup/build.mjs';
import { main } from './setup/main.mjs';
import { ROOT } from './setup/process.mjs';
import { run } from './setup/programs.mjs';

const ENTRY = join(ROOT, 'dist/cli/cli.js');

await main(async () => {
  const args = process.argv.slice(2);
  const { env, stop } = await (needsTheApp(args) ? setUpElectron() : setUpNode());
  try {
    await ensureBuild();
    const code = await run(process.execPath, [ENTRY, ...args], {
      env: { ...env, OMP_WAIT_POLICY: 'passive' },
      isAttached: true,
    });
    return code ?? 1;
  } finally {
    await stop();
  }
});
