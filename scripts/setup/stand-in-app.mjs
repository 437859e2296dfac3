// The default app of the stand-in Electron: loads the app folder named on the command line, as stock Electron does.

export const STAND_IN_PACKAGE = JSON.stringify({
  name: 'electron-stand-in',
  version: '1.0.0',
  type: 'module',
  main: 'main.js',
});

/**
 * Top-level await holds back Electron's ready event until the app's own main module has run, as stock Electron does.
 */
export const STAND_IN_MAIN = `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (given === undefined) {
  process.stderr.write('Name the app folder to run.\\n');
  process.exit(1);
}
const folder = resolve(given);
const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setName(description.productName ?? description.name);
app.setVersion(description.version);
app.setAppPath(folder);
app.setPath('userData', process.env.ELECTRON_USER_DATA ?? join(app.getPath('appData'), app.getName()));
await import(pathToFileURL(join(folder, description.main)).href);
`;
