// Programs beside the tests that drive the built app, on a display of their own.
import { ensureBuild } from '../scripts/setup/build.mjs';
import { main } from '../scripts/setup/main.mjs';
import { setUpElectron } from '../scripts/setup.mjs';
import { withTypeScript } from './load-typescript.mjs';

/** Runs the main function of a module of this folder (`soak/main.ts`) with the command's arguments. */
export async function runWithApp(module) {
  await main(async () => {
    const { env, stop } = await setUpElectron();
    try {
      await ensureBuild();
      Object.assign(process.env, env, { OMP_WAIT_POLICY: 'passive' });
      return await withTypeScript(module, (program) => program.main(process.argv.slice(2)));
    } finally {
      await stop();
    }
  });
}
