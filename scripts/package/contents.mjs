// What of node_modules goes into the package: Node code loads these at run time, the page carries its own inside.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup/process.mjs';

const MODULES = join(ROOT, 'node_modules');

/** electron-updater, which the app loads where a person asks for a new version, and what it requires itself. */
const UPDATER_PACKAGES = [
  { name: 'electron-updater', paths: ['out'] },
  { name: 'electron-updater/node_modules/fs-extra', paths: ['lib'] },
  { name: 'electron-updater/node_modules/semver', paths: [''] },
  { name: 'builder-util-runtime', paths: ['out'] },
  { name: 'debug', paths: ['src'] },
  { name: 'graceful-fs', paths: [''] },
  { name: 'js-yaml', paths: ['index.js', 'lib'] },
  { name: 'jsonfile', paths: [''] },
  { name: 'lazy-val', paths: ['out'] },
  { name: 'lodash.escaperegexp', paths: ['index.js'] },
  { name: 'lodash.isequal', paths: ['index.js'] },
  { name: 'ms', paths: ['index.js'] },
  { name: 'sax', paths: ['lib'] },
  { name: 'tiny-typed-emitter', paths: ['lib'] },
  { name: 'universalify', paths: ['index.js'] },
];

/**
 * Packages that Node code loads, with the paths that it needs of each; package.json and licences always come along.
 * `bin` of onnxruntime-node has native code for every system: only the target's is taken.
 */
export function nodePackages(platform, arch) {
  return [
    { name: 'onnxruntime-node', paths: ['dist', `bin/napi-v6/${platform}/${arch}`] },
    { name: 'onnxruntime-common', paths: ['dist/cjs', 'dist/esm'] },
    { name: 'zod', paths: [''] },
    { name: 'fflate', paths: ['esm', 'lib'] },
    { name: 'tinyglobby', paths: ['dist'] },
    { name: 'fdir', paths: ['dist'] },
    { name: 'picomatch', paths: ['index.js', 'posix.js', 'lib'] },
    { name: 'three', paths: ['build/three.module.js', 'build/three.core.js'] },
    { name: '@playcanvas/splat-transform', paths: ['dist/index.mjs', /^dist\/spz-.*\.js$/, 'dist/worker.mjs', 'lib'] },
    { name: 'playcanvas', paths: ['build/playcanvas'] },
    ...UPDATER_PACKAGES,
  ];
}

/** The name of a package in the app, where one that lies inside of another lies beside it: none is there twice. */
export function nameInApp(name) {
  return name.split('/node_modules/').at(-1);
}

/** Never needed to run. */
const LEFT_OUT = /\.(map|d\.ts|d\.mts|d\.cts|ts|md|c)$/;
const ALWAYS = /^(package\.json|licen[cs]e[^/]*|notice[^/]*|thirdpartynotices[^/]*)$/i;

/** Files of one package to take, relative to it. */
export function filesOf({ name, paths }) {
  const folder = join(MODULES, name);
  if (!existsSync(folder)) throw new Error(`${name} is not installed.`);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !path.startsWith('node_modules/'))
    .filter((path) => ALWAYS.test(path) || (!LEFT_OUT.test(path) && paths.some((wanted) => isBelow(path, wanted))));
}

function isBelow(path, wanted) {
  if (wanted instanceof RegExp) return wanted.test(path);
  return wanted === '' || path === wanted || path.startsWith(`${wanted}/`);
}

/** Packages whose source the bundler took into dist/, by the source maps that it left there. */
export function bundledPackages(dist) {
  const names = new Set();
  const maps = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map'));
  for (const map of maps) {
    for (const source of JSON.parse(readFileSync(join(dist, map), 'utf8')).sources) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}
