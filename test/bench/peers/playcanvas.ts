import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const PLAYCANVAS_VERSION = '2.23.3';
const INTEGRITY = 'sha512-hjDdo5yFtVr/WmDh59pRrT1LC+Rfpq4VXB8Xt3AMB8GfWXj9JzOMq3x+3FTmq/2L2gN37q9V1LMZaLuYshzMXQ==';

/**
 * Installs PlayCanvas into a folder and returns its release build's path. It is no dependency of the project: 100 MB
 * that nobody needs who doesn't run this bench, and a peer's code has no place among what the app is built and tested
 * with.
 * @throws Error where what came is not what was pinned
 */
export async function installPlayCanvas(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  // Without a manifest of its own npm would install into a folder above.
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `playcanvas@${PLAYCANVAS_VERSION}`];
  await promisify(execFile)('npm', args, { cwd: folder });
  const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
  };
  if (lock.packages['node_modules/playcanvas']?.integrity !== INTEGRITY) {
    throw new Error(`The playcanvas ${PLAYCANVAS_VERSION} that npm installed is not the one that this bench names.`);
  }
  return join(folder, 'node_modules/playcanvas/build/playcanvas.min.mjs');
}
