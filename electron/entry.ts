// The app's first module: the app itself, or the command line of an installed app. The latter runs within the top-level
// await of this module, before Electron becomes ready, and so needs neither a display nor a page.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';
import { argumentsOfCommand } from './start/command-line.ts';

const command = argumentsOfCommand(process.argv);
if (command === undefined) await import('./main.ts');
else await runCommandLine(command);

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
