// Builds the app and the command line where the last build is older than what it was made of.
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetUpError, say } from './process.mjs';
import { runModule } from './programs.mjs';

const SOURCES = ['electron', 'renderer', 'shaders', 'vite.config.ts', 'package-lock.json'];
/** An empty file whose time is when the last good build began. */
const STAMP = join(ROOT, 'dist', 'built');

export async function ensureBuild() {
  const begun = new Date();
  const sources = Math.max(...SOURCES.map((path) => newest(join(ROOT, path))));
  if (existsSync(STAMP) && statSync(STAMP).mtimeMs > sources) return;
  say('Building…');
  if ((await runModule('vite/bin/vite.js', ['build', '--logLevel', 'warn'])) !== 0)
    throw new SetUpError('The build failed (its message is above).');
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(STAMP, '');
  utimesSync(STAMP, begun, begun);
}

/** Time of the youngest file or folder under a path, in milliseconds. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs);
}
