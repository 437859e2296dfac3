// npm run --silent cli -- COMMAND …: sets up, builds the command line where it is older than its sources, runs it.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { main, setUpElectron, setUpNode } from './setup.mjs';
import { needsTheApp } from './setup/app-commands.mjs';
import { ROOT, SetUpError, runAttached, runSync, say } from './setup/process.mjs';

const ENTRY = join(ROOT, 'dist/cli/cli.js');
const SOURCES = ['electron', 'renderer', 'shaders', 'vite.config.ts', 'package-lock.json'];

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}

function buildIfStale() {
  const sources = Math.max(...SOURCES.map((path) => newest(join(ROOT, path))));
  if (existsSync(ENTRY) && statSync(ENTRY).mtimeMs > sources) return;
  say('Building…');
  if (runSync('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0)
    throw new SetUpError('The build failed (its message is above).');
}

await main(async () => {
  const args = process.argv.slice(2);
  const env = { ...process.env, OMP_WAIT_POLICY: 'passive' };
  if (!needsTheApp(args)) {
    setUpNode();
    buildIfStale();
    return runAttached(process.execPath, [ENTRY, ...args], { env });
  }
  const { electron, env: electronEnv, stop, switches } = await setUpElectron();
  try {
    buildIfStale();
    const launcher = JSON.stringify([electron.executable, ...switches]);
    return await runAttached(process.execPath, [ENTRY, ...args], {
      env: { ...env, ...electronEnv, SPLATFORMER_ELECTRON: launcher },
    });
  } finally {
    stop();
  }
});
