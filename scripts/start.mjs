// npm start [-- scene.ply]: sets up, builds and runs the app. Without a display it runs on a virtual one.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { main, setUpElectron } from './setup.mjs';
import { ROOT, SetUpError, runAttached, runSync, say } from './setup/process.mjs';

/**
 * Exit codes by which the app asks for another start, and the switches of it (electron/graphics.ts has the codes). The
 * window system must be named on the command line; the app sets the mode's other switches by itself.
 */
const RESTARTS = new Map([
  [81, ['--graphics=default']],
  [82, ['--graphics=x11-vulkan', '--ozone-platform=x11']],
  [83, ['--graphics=software']],
]);

await main(async () => {
  const given = process.argv.slice(2).map((argument) => (!argument.startsWith('-') && existsSync(argument) ? resolve(argument) : argument));
  const { electron, env, stop, switches } = await setUpElectron();
  try {
    say('Building…');
    if (runSync('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0) throw new SetUpError('The build failed (its message is above).');
    if (env.DISPLAY !== process.env.DISPLAY) say(`No display here: the window opens on the virtual display ${env.DISPLAY}. Press Ctrl-C to end.`);
    let mode = [];
    for (;;) {
      const code = await runAttached(electron.executable, [...switches, ...mode, ROOT, ...given], { env: { ...env, SPLATFORMER_LAUNCHER: '1' } });
      const next = RESTARTS.get(code);
      if (next === undefined) return code;
      mode = next;
    }
  } finally {
    stop();
  }
});
