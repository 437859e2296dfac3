// Debian packages that Electron and the software display need.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { SetUpError, isRoot, say } from './process.mjs';
import { run } from './programs.mjs';

/** What the Electron binary links to, on Debian and Ubuntu before and after the 64-bit time transition (t64 names). */
export const ELECTRON_LIBRARIES = [
  ['libnss3'],
  ['libgtk-3-0', 'libgtk-3-0t64'],
  ['libgbm1'],
  ['libasound2', 'libasound2t64'],
];
const DISPLAY_PACKAGES = [['xvfb']];
const FONT_PACKAGES = [['fonts-liberation', 'fonts-dejavu-core']];
const UNZIP_PACKAGES = [['unzip']];

/**
 * Makes sure that the Debian packages are there.
 * As root they are installed; otherwise the one command to type is printed, as an error.
 * On other systems nothing is checked: their desktops bring what Electron needs.
 */
export async function ensureSystemPackages({ display, unzip }) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return;
  const wanted = [
    ...ELECTRON_LIBRARIES,
    ...FONT_PACKAGES,
    ...(display ? DISPLAY_PACKAGES : []),
    ...(unzip ? UNZIP_PACKAGES : []),
  ];
  let missing = wanted.filter((names) => !names.some(isInstalled));
  if (missing.length === 0) return;
  if (!isRoot()) {
    throw new SetUpError(
      'Debian packages are missing. Type this, then run the command again:\n' +
        `  sudo apt-get install -y ${missing.map(pickName).join(' ')}`,
    );
  }
  say(`Installing Debian packages: ${missing.map((names) => names[0]).join(', ')}…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if ((await run('apt-get', ['update', '-qq'], { env })) !== 0) {
    throw new SetUpError(
      'apt-get could not refresh its package lists (its message is above). ' +
        'Check the network and run the command again.',
    );
  }
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing.map(pickName)];
  if ((await run('apt-get', install, { env })) !== 0) {
    throw new SetUpError(
      'apt-get could not install the packages (its message is above). Install them by hand and run the command again.',
    );
  }
  missing = wanted.filter((names) => !names.some(isInstalled));
  if (missing.length > 0)
    throw new SetUpError(`These Debian packages are still missing: ${missing.map((names) => names[0]).join(', ')}.`);
}

function isInstalled(name) {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
  return status === 0 && stdout.trim() === 'installed';
}

/** The first of the alternative names that this release's package lists know. */
function pickName(names) {
  if (names.length === 1) return names[0];
  return (
    names.find((name) =>
      /Candidate: (?!\(none\))/.test(spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' }).stdout ?? ''),
    ) ?? names[0]
  );
}
