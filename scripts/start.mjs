// npm start [-- scene.ply]: sets up, builds and runs the app. Without a display it runs on a virtual one.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setUpElectron } from './setup.mjs';
import { ensureBuild } from './setup/build.mjs';
import { main } from './setup/main.mjs';
import { ROOT, say } from './setup/process.mjs';
import { run } from './setup/programs.mjs';

/** Exit codes by which the app asks for another start, by graphics mode. */
const EXIT_CODES = JSON.parse(readFileSync(join(ROOT, 'electron/restart-exit-codes.json'), 'utf8'));
/** The window system must be named on the command line; the app sets a mode's other switches by itself. */
const MORE_SWITCHES = { 'x11-vulkan': ['--ozone-platform=x11'] };
const RESTARTS = new Map(
  Object.entries(EXIT_CODES).map(([mode, code]) => [code, [`--graphics=${mode}`, ...(MORE_SWITCHES[mode] ?? [])]]),
);

await main(async () => {
  const given = process.argv
    .slice(2)
    .map((argument) => (!argument.startsWith('-') && existsSync(argument) ? resolve(argument) : argument));
  const { electron, env, stop, switches } = await setUpElectron();
  try {
    await ensureBuild();
    if (env.DISPLAY !== process.env.DISPLAY)
      say(`No display here: the window opens on the virtual display ${env.DISPLAY}. Press Ctrl-C to end.`);
    let mode = [];
    for (;;) {
      const code = await run(electron.executable, [...switches, ...mode, ROOT, ...given], {
        env: { ...env, SPLATFORMER_LAUNCHER: '1' },
        isAttached: true,
      });
      const next = RESTARTS.get(code);
      if (next === undefined) return code ?? 1;
      mode = next;
    }
  } finally {
    await stop();
  }
});
