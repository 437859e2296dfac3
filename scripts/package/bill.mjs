// Says what is in the package: a bill of materials (CycloneDX) and the licence of everything in it.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from '../setup/process.mjs';
import { bundledPackages, nameInApp, nodePackages } from './contents.mjs';

/** Packages that leave no source map: icons taken as text, and WebAssembly inside of other packages. */
const WITHOUT_MAP = ['lucide-static', '@adobe/spz'];
/** Code that came with a package but is no package, with the licence text in scripts/package/licenses. */
const INSIDE_OTHERS = [
  { name: 'libwebp', version: 'unknown', license: 'BSD-3-Clause', within: '@playcanvas/splat-transform (webp.wasm)' },
];
const TEXTS = join(ROOT, 'scripts', 'package', 'licenses');

/**
 * Everything in the package, sorted by name: {name, version, license, text, integrity?}
 * @throws Error that names a package without a licence text
 */
export function componentsOf({ platform, arch, dist = join(ROOT, 'dist') }) {
  const names = [
    ...new Set([...nodePackages(platform, arch).map(({ name }) => name), ...bundledPackages(dist), ...WITHOUT_MAP]),
  ].sort();
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const packages = names.map((name) => {
    const { version, license } = JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));
    const { integrity } = locked[`node_modules/${name}`] ?? {};
    return { name: nameInApp(name), version, license, text: licenceText(name), integrity };
  });
  const others = INSIDE_OTHERS.map((entry) => ({ ...entry, text: licenceText(entry.name) }));
  return [...packages, ...others];
}

/** The licence that a package carries, or the one kept here for those that carry none. */
function licenceText(name) {
  const folder = join(ROOT, 'node_modules', name);
  const file = existsSync(folder)
    ? readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry))
    : undefined;
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8');
  const kept = join(TEXTS, `${name.replace(/^onnxruntime-.*/, 'onnxruntime')}.txt`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  throw new Error(`${name} carries no licence text. Put it into ${kept}, as its makers publish it.`);
}

/** The bill as CycloneDX 1.6. */
export function billOfMaterials(components, { app, electron, models }) {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: {
      timestamp: new Date().toISOString(),
      component: {
        type: 'application',
        'bom-ref': app.name,
        name: app.name,
        version: app.version,
        licenses: [{ license: { id: app.license } }],
      },
    },
    components: [
      {
        type: 'framework',
        'bom-ref': 'electron',
        name: 'electron',
        version: electron.version,
        purl: `pkg:npm/electron@${electron.version}`,
        licenses: [{ license: { id: 'MIT' } }],
        description: 'with Chromium and Node.js; their licences are in LICENSES.chromium.html',
      },
      ...components.map(toComponent),
      ...models.map(({ file, license, bytes }) => ({
        type: file.endsWith('.ply') ? 'data' : 'machine-learning-model',
        'bom-ref': file,
        name: file,
        licenses: [{ license: { id: license } }],
        hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(bytes).digest('hex') }],
      })),
    ],
  };
}

function toComponent({ name, version, license, integrity, within }) {
  const isPackage = within === undefined;
  return {
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    ...(isPackage ? { purl: `pkg:npm/${name.replace('@', '%40')}@${version}` } : { description: `in ${within}` }),
    licenses: [/ (OR|AND) /.test(license) ? { expression: license } : { license: { id: license } }],
    ...(integrity === undefined ? {} : { hashes: [hashOf(integrity)] }),
  };
}

function hashOf(integrity) {
  const [algorithm, value] = integrity.split('-');
  const names = { sha512: 'SHA-512', sha1: 'SHA-1', sha256: 'SHA-256' };
  return { alg: names[algorithm], content: Buffer.from(value, 'base64').toString('hex') };
}

/** Writes the bill, the app's own licence and those of everything else into a folder. */
export function writeBill(folder, { platform, arch, electron }) {
  mkdirSync(folder, { recursive: true });
  const app = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const components = componentsOf({ platform, arch });
  const models = [
    { file: 'splatformer-desktop.pth', license: 'MIT' },
    ...['sample.ply', ...readdirSync(join(ROOT, 'models/sample/images')).map((name) => `sample/images/${name}`)].map(
      (file) => ({ file, license: 'CC-BY-4.0' }),
    ),
  ].map((model) => ({ ...model, bytes: readFileSync(join(ROOT, 'models', model.file)) }));
  const bill = billOfMaterials(components, { app, electron, models });
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
  const notices = gunzipSync(readFileSync(join(TEXTS, 'onnxruntime-third-party.txt.gz')));
  writeFileSync(join(folder, 'ONNX-RUNTIME-THIRD-PARTY.txt'), notices);
  writeFileSync(join(folder, 'LICENSE.txt'), readFileSync(join(ROOT, 'LICENSE')));
  const rule = '='.repeat(80);
  const head = [
    'SplatFormer Desktop contains the following software. The licences of Electron, Chromium and Node.js are in',
    'LICENSE.electron.txt and LICENSES.chromium.html beside the executable.',
  ].join('\n');
  const sections = components.map(
    ({ name, version, license, text }) => `${rule}\n${name} ${version} (${license})\n${rule}\n\n${text.trim()}\n`,
  );
  writeFileSync(join(folder, 'THIRD-PARTY.txt'), `${head}\n\n${sections.join('\n')}`);
  return components;
}
