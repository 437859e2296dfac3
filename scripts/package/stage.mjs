// Lays out the app as it goes into the archive: built code, and what of node_modules it loads.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../setup/process.mjs';
import { filesOf, nameInApp, nodePackages } from './contents.mjs';

/** What the installed app reads of package.json. */
const KEPT = ['name', 'productName', 'version', 'description', 'author', 'homepage', 'license', 'type', 'main'];

/** @returns the folder with the app in it */
export function stageApp(folder, { platform, arch }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const description = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const packages = nodePackages(platform, arch);
  const kept = Object.fromEntries(KEPT.map((key) => [key, description[key]]));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
  for (const part of ['electron', 'preload', 'cli', 'page'])
    cpSync(join(ROOT, 'dist', part), join(folder, 'dist', part), {
      recursive: true,
      filter: (source) => !/\.(map|md|c)$/.test(source),
    });
  for (const entry of packages)
    for (const path of filesOf(entry)) {
      const target = join(folder, 'node_modules', nameInApp(entry.name), path);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(ROOT, 'node_modules', entry.name, path), target);
    }
  return folder;
}
