// Brings everything that start, test and cli need; does nothing where it is already there. Run by itself it sets up
// all.
import { ensureElectron, findElectron, needsStandIn } from './setup/electron-binary.mjs';
import { needsVirtualDisplay, startVirtualDisplay } from './setup/display.mjs';
import { main } from './setup/main.mjs';
import { ensureNodeModules } from './setup/node-modules.mjs';
import { isEntry, isRoot } from './setup/process.mjs';
import { ensureSystemPackages } from './setup/system-packages.mjs';

/** Node modules only: enough for the commands that open no window. Returns what `setUpElectron` does. */
export async function setUpNode() {
  await ensureNodeModules();
  return { env: process.env, stop: () => undefined };
}

/**
 * Node modules, system packages and Electron.
 * Returns the Electron to run, the switches it needs for this user, and the environment for it and for what starts it:
 * the command line and the tests of the app learn by SPLATFORMER_ELECTRON which one to run.
 * `stop` ends the virtual display if one was started (`display: true` asks for one where there is no display).
 */
export async function setUpElectron({ display = true } = {}) {
  await ensureNodeModules();
  const virtual = display && needsVirtualDisplay();
  await ensureSystemPackages({ display: virtual, unzip: process.platform === 'linux' && (await needsStandIn()) });
  const electron = await ensureElectron();
  const switches = rootSwitches();
  const env = { ...process.env, SPLATFORMER_ELECTRON: JSON.stringify([electron.executable, ...switches]) };
  // Only the stand-in lies outside the electron package, and only then may the package be told so.
  if (electron.kind === 'stand-in') env.ELECTRON_OVERRIDE_DIST_PATH = electron.dir;
  let stop = () => undefined;
  if (virtual) {
    const server = await startVirtualDisplay();
    env.DISPLAY = server.display;
    stop = server.stop;
  }
  return { electron, env, stop, switches };
}

/** Chromium refuses to start its sandbox as root; ordinary users keep it. */
export function rootSwitches() {
  return process.platform === 'linux' && isRoot() ? ['--no-sandbox'] : [];
}

if (isEntry(import.meta.url)) {
  await main(async () => {
    const { stop } = await setUpElectron({ display: false });
    await stop();
    process.stderr.write(`[set-up] Ready: ${findElectron()?.executable}\n`);
  });
}
