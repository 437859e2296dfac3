// Node modules: installed from the lockfile only, without any package's install script.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetUpError, say } from './process.mjs';
import { run } from './programs.mjs';

/**
 * Install scripts stay off; the two packages that would fetch binaries are told not to, should a person run npm by
 * hand.
 */
export const NPM_ENV = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' };

export async function ensureNodeModules() {
  const missing = missingPackage();
  if (missing === undefined) return;
  say(`Installing node modules (${missing} is not there yet)…`);
  if ((await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { env: NPM_ENV })) !== 0) {
    throw new SetUpError(
      'npm could not install the node modules (its message is above). Check the network and run the command again.',
    );
  }
}

/**
 * First package of the lockfile that is not installed at its locked version, or undefined.
 * Optional packages (builds for other systems) may be absent, never present at another version.
 */
function missingPackage() {
  const installedFile = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'node_modules';
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  for (const [path, entry] of Object.entries(locked)) {
    if (path === '') continue;
    const there = installed[path];
    if (
      there === undefined
        ? entry.optional !== true && entry.devOptional !== true && entry.peer !== true
        : there.version !== entry.version
    ) {
      return path.replace(/^node_modules\//, '');
    }
  }
  return undefined;
}
