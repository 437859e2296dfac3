// Brings everything that start, test and cli need; does nothing where it is already there. Run by itself it sets up
// all.
import { pathToFileURL } from 'node:url';
import { ensureElectron, findElectron, needsStandIn } from './setup/electron-binary.mjs';
import { needsVirtualDisplay, startVirtualDisplay } from './setup/display.mjs';
import { ensureNodeModules } from './setup/node-modules.mjs';
import { SetUpError, isRoot } from './setup/process.mjs';
import { ensureSystemPackages } from './setup/system-packages.mjs';

/** Node modules only: enough for the commands that open no window. */
export function setUpNode() {
  ensureNodeModules();
}

/**
 * Node modules, system packages and Electron.
 * Returns the Electron to run, the switches it needs for this user, and the environment for it.
 * `stop` ends the virtual display if one was started (`display: true` asks for one where there is no display).
 */
export async function setUpElectron({ display = true } = {}) {
  ensureNodeModules();
  const virtual = display && needsVirtualDisplay();
  ensureSystemPackages({ display: virtual, unzip: process.platform === 'linux' && (await needsStandIn()) });
  const electron = await ensureElectron();
  const env = { ...process.env };
  // Only the stand-in lies outside the electron package, and only then may the package be told so.
  if (electron.kind === 'stand-in') env.ELECTRON_OVERRIDE_DIST_PATH = electron.dir;
  let stop = () => undefined;
  if (virtual) {
    const server = await startVirtualDisplay();
    env.DISPLAY = server.display;
    stop = server.stop;
  }
  return { electron, env, stop, switches: rootSwitches() };
}

/** Chromium refuses to start its sandbox as root; ordinary users keep it. */
export function rootSwitches() {
  return process.platform === 'linux' && isRoot() ? ['--no-sandbox'] : [];
}

/** Runs a script's main function; set-up failures print as one sentence, without a stack. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const { stop } = await setUpElectron({ display: false });
    stop();
    process.stderr.write(`[set-up] Ready: ${findElectron()?.executable}\n`);
  });
}
