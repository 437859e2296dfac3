// npm start [-- scene.ply]: sets up, builds and runs the app. Without a display it runs on a virtual one.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { main, setUpElectron } from './setup.mjs';
import { ROOT, SetUpError, runAttached, runSync, say } from './setup/process.mjs';

await main(async () => {
  const given = process.argv.slice(2).map((argument) => (!argument.startsWith('-') && existsSync(argument) ? resolve(argument) : argument));
  const { electron, env, stop, switches } = await setUpElectron();
  try {
    say('Building…');
    if (runSync('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0) throw new SetUpError('The build failed (its message is above).');
    if (env.DISPLAY !== process.env.DISPLAY) say(`No display here: the window opens on the virtual display ${env.DISPLAY}. Press Ctrl-C to end.`);
    return await runAttached(electron.executable, [...switches, ROOT, ...given], { env });
  } finally {
    stop();
  }
});
