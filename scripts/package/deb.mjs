// Makes the deb of the unpacked build. dpkg-deb of the system itself does it: electron-builder would fetch fpm, a
// program of its own host, for what is a folder and a few lines of control data.
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, SetUpError } from '../setup/process.mjs';
import { run } from '../setup/programs.mjs';
import { ELECTRON_LIBRARIES } from '../setup/system-packages.mjs';
import { ASSOCIATIONS } from './associations.mjs';
import { EXECUTABLE, OUT, STAGE } from './builder-config.mjs';
import { ICON_SIZES } from './icon.mjs';

const LINUX = join(ROOT, 'scripts', 'package', 'linux');
/** Where the app lies once it is installed; the AppArmor profile and the scripts name it too. */
const PLACE = '/opt/SplatFormer Desktop';
/** What Electron links to comes along; the rest it asks for where it is there. */
const DEPENDS = ELECTRON_LIBRARIES.map((names) => names.join(' | '));
const RECOMMENDS = ['libnotify4', 'libsecret-1-0', 'xdg-utils'];
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

/**
 * @param unpacked folder of the unpacked build
 * @param compression arguments of dpkg-deb
 * @returns the path of the deb
 */
export async function makeDeb(unpacked, { app, version, arch, compression }) {
  const tree = join(STAGE, 'deb');
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  const put = (path, text, mode = 0o644) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text, { mode });
    chmodSync(join(tree, path), mode);
  };
  cpSync(unpacked, join(tree, PLACE), { recursive: true });
  // What electron-updater tells by how this copy was installed.
  put(`${PLACE}/resources/package-type`, 'deb\n');
  put(`${PLACE}/resources/apparmor-profile`, readFileSync(join(LINUX, 'apparmor')));
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  symlinkSync(`${PLACE}/resources/bin/splatformer`, join(tree, 'usr/bin/splatformer'));
  symlinkSync(`${PLACE}/${EXECUTABLE}`, join(tree, 'usr/bin', EXECUTABLE));
  for (const size of ICON_SIZES)
    put(
      `usr/share/icons/hicolor/${size}x${size}/apps/${EXECUTABLE}.png`,
      readFileSync(join(STAGE, 'icons', `${size}x${size}.png`)),
    );
  put(`usr/share/applications/${EXECUTABLE}.desktop`, desktopEntry(app));
  put(`usr/share/mime/packages/${EXECUTABLE}.xml`, mimeTypes());
  put(`usr/share/doc/${EXECUTABLE}/copyright`, copyright(app));
  put('DEBIAN/control', control({ app, version, arch, kibibytes: Math.ceil(sizeOf(tree) / 1024) }));
  for (const name of ['postinst', 'prerm']) put(`DEBIAN/${name}`, readFileSync(join(LINUX, name)), 0o755);
  openToAll(tree);
  const deb = join(OUT, `${EXECUTABLE}_${version}_${ARCHITECTURES[arch]}.deb`);
  if ((await run('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, deb])) !== 0)
    throw new SetUpError('dpkg-deb could not make the package (its message is above).');
  rmSync(tree, { recursive: true, force: true });
  return deb;
}

function control({ app, version, arch, kibibytes }) {
  return [
    `Package: ${EXECUTABLE}`,
    `Version: ${version}`,
    `Architecture: ${ARCHITECTURES[arch]}`,
    `Maintainer: ${app.productName}`,
    `Installed-Size: ${kibibytes}`,
    `Depends: ${DEPENDS.join(', ')}`,
    `Recommends: ${RECOMMENDS.join(', ')}`,
    'Section: graphics',
    'Priority: optional',
    'Description: View and repair 3D Gaussian Splatting scenes',
    ` ${app.description}.`,
    '',
  ].join('\n');
}

function desktopEntry(app) {
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${app.productName}`,
    'Comment=View and repair 3D Gaussian Splatting scenes',
    `Exec="${PLACE}/${EXECUTABLE}" %F`,
    `Icon=${EXECUTABLE}`,
    `StartupWMClass=${app.productName}`,
    'Terminal=false',
    'Categories=Graphics;3DGraphics;Viewer;',
    `MimeType=${ASSOCIATIONS.map(({ mimeType }) => `${mimeType};`).join('')}`,
    '',
  ].join('\n');
}

function mimeTypes() {
  const types = ASSOCIATIONS.map(({ ext, name, mimeType }) =>
    [
      `  <mime-type type="${mimeType}">`,
      `    <comment>${name}</comment>`,
      `    <glob pattern="*.${ext}"/>`,
      '  </mime-type>',
    ].join('\n'),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">',
    ...types,
    '</mime-info>',
    '',
  ].join('\n');
}

function copyright(app) {
  return [
    `${app.productName} is under the MIT licence:`,
    '',
    readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim(),
    '',
    `What comes with it is under licences of its own: ${PLACE}/resources/licenses.`,
    '',
  ].join('\n');
}

/** Everyone may read what is installed, whatever the umask was that it was packed under. */
function openToAll(path) {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

function sizeOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
