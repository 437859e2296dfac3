// The app's first module: the app itself, its self-test, or the command line of an installed app. The last runs within
// the top-level await of this module, before Electron becomes ready, and so needs neither a display nor a page.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';
import type { GraphicsMode } from '../renderer/bridge/settings.ts';
import { argumentsOfCommand } from './start/command-line.ts';
import { SELF_TEST_START, selfTestInModes, selfTestModes } from './start/self-test.ts';

const command = argumentsOfCommand(process.argv);
const modes = selfTestModes(process.argv, process.env);
if (command !== undefined) await runCommandLine(command);
else if (modes !== undefined)
  app.exit(await selfTestInModes(modes, startInMode, (line) => void process.stdout.write(`${line}\n`)));
else await import('./main.ts');

async function runCommandLine(args: readonly string[]): Promise<void> {
  // What draws is a job of this same executable.
  process.env['SPLATFORMER_ELECTRON'] ??= JSON.stringify([process.execPath]);
  // Waiting threads must not spin beside those that work.
  process.env['OMP_WAIT_POLICY'] ??= 'passive';
  process.argv.splice(1, process.argv.length, 'splatformer', ...args);
  await import(pathToFileURL(join(app.getAppPath(), 'dist', 'cli', 'cli.js')).href);
  // A reader that is gone makes itself known only now.
  await setImmediate();
  app.exit(typeof process.exitCode === 'number' ? process.exitCode : 0);
}

/** Starts this executable once more as it was started, in a graphics mode. Resolves with its exit code. */
function startInMode(mode: GraphicsMode): Promise<number | null> {
  const args = process.argv.slice(1).filter((argument) => !argument.startsWith('--graphics='));
  const child = spawn(process.execPath, [`--graphics=${mode}`, ...args], {
    stdio: 'inherit',
    env: { ...process.env, [SELF_TEST_START]: mode },
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(null));
    child.on('exit', resolve);
  });
}
