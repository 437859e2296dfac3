// Runs the app named by the next argument, but lets it become ready only once Playwright is attached. Playwright has a
// loader of its own for that, which it leaves out where it is told which Electron to run; without one, about every
// fortieth start has its first page navigate in the moment of attaching, whereupon Playwright waits for that navigation
// for ever.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { app } from 'electron';

/** Playwright calls this function when it is attached. */
const attached = new Promise((resolve) => (globalThis.__playwright_run = resolve));
const ready = app.whenReady();
app.whenReady = () => Promise.all([ready, attached]).then(() => undefined);

const here = process.argv.indexOf(dirname(fileURLToPath(import.meta.url)));
const folder = process.argv[here + 1];
process.argv.splice(here, 1);
const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setName(description.productName);
app.setVersion(description.version);
app.setAppPath(folder);
await import(pathToFileURL(join(folder, description.main)).href);
