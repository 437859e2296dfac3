// The one configuration of electron-builder, for all systems.
import { join } from 'node:path';
import { rmSync, writeFileSync } from 'node:fs';
import { ROOT } from '../setup/process.mjs';
import { ASSOCIATIONS } from './associations.mjs';

export const OUT = join(ROOT, 'out');
export const STAGE = join(OUT, 'stage');
/** The executable's name, also the deb's. */
export const EXECUTABLE = 'splatformer-desktop';
const OWN = join(ROOT, 'scripts', 'package');

/**
 * What is fixed in the executable: it is no Node for others, takes no debugger and no Node options, loads the app from
 * its archive alone, and gives file:// pages nothing.
 */
export const FUSES = {
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableCookieEncryption: true,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
};

/**
 * @param electron folder and version of the Electron to package
 * @param signing what `signingFromEnvironment` found
 * @param channel what `channelFromEnvironment` found; without one the app has no updates
 */
export function builderConfig({ electron, signing, channel }) {
  return {
    appId: 'org.splatformer.desktop',
    productName: 'SplatFormer Desktop',
    copyright: 'MIT licence',
    electronVersion: electron.version,
    electronDist: electron.dir,
    directories: { app: join(STAGE, 'app'), output: OUT, buildResources: join(STAGE, 'icons') },
    // The staged folder has its node_modules already, of which nothing is to be built.
    beforeBuild: () => Promise.resolve(false),
    asar: true,
    // Native code is loaded by the system, which knows no archives.
    asarUnpack: ['**/onnxruntime-node/bin/**'],
    // The folder of this name is left out everywhere but where it is the root of a set of its own.
    files: ['**/*', { from: join(STAGE, 'app', 'node_modules'), to: 'node_modules', filter: ['**/*'] }],
    extraResources: [
      {
        from: join(ROOT, 'models'),
        to: 'models',
        filter: ['*.json', '*.pth', 'sample.ply', 'sample/**', 'README.md'],
      },
      { from: join(STAGE, 'licenses'), to: 'licenses' },
      { from: join(STAGE, 'icons', 'icon.png'), to: 'icon.png' },
    ],
    afterExtract: ({ appOutDir }) => removeStandInParts(appOutDir),
    afterPack: ({ packager, appOutDir }) => writeChannel(packager.getResourcesDir(appOutDir), channel),
    electronFuses: FUSES,
    fileAssociations: ASSOCIATIONS.map((entry) => ({ ...entry, role: 'Editor' })),
    publish: null,
    // A feed can name these.
    artifactName: `${EXECUTABLE}-\${version}-\${arch}.\${ext}`,
    linux: {
      target: ['AppImage'],
      executableName: EXECUTABLE,
      icon: join(STAGE, 'icons'),
      category: 'Graphics',
      synopsis: 'View and repair 3D Gaussian Splatting scenes',
      maintainer: 'SplatFormer Desktop',
      extraResources: [{ from: join(OWN, 'linux', 'splatformer'), to: 'bin/splatformer' }],
    },
    // Without these arguments electron-builder's own would turn the sandbox off.
    appImage: { executableArgs: [] },
    win: {
      target: ['nsis'],
      icon: join(STAGE, 'icons', 'icon.png'),
      extraResources: [{ from: join(OWN, 'windows', 'splatformer.cmd'), to: 'bin/splatformer.cmd' }],
    },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      include: join(OWN, 'windows', 'command.nsh'),
    },
    mac: {
      // The zip is what electron-updater installs.
      target: ['dmg', 'zip'].map((target) => ({ target, arch: ['universal'] })),
      icon: join(STAGE, 'icons', 'icon.png'),
      category: 'public.app-category.graphics-design',
      hardenedRuntime: true,
      notarize: signing.notarises,
      identity: signing.signs ? undefined : null,
      // ONNX Runtime has native code for Apple's own processors alone: both halves carry the same file.
      x64ArchFiles: '**/onnxruntime-node/**',
      extraResources: [{ from: join(OWN, 'mac', 'splatformer'), to: 'bin/splatformer' }],
    },
  };
}

/** The configuration for an AppImage, which starts by a script of the project's and says so of a stand-in Electron. */
export function appImageConfig(config, isStandIn) {
  const artifactName = config.artifactName.replace('${version}', isStandIn ? '${version}~standin' : '${version}');
  return { ...config, artifactName, extraFiles: [{ from: join(OWN, 'linux', 'AppRun'), to: 'AppRun' }] };
}

/** Tells the app where its feed is, where the build was told. */
function writeChannel(folder, channel) {
  if (channel !== undefined) writeFileSync(join(folder, 'update.json'), `${JSON.stringify(channel, null, 2)}\n`);
}

/** The development stand-in's own default app; an official Electron has neither. */
function removeStandInParts(folder) {
  for (const part of ['resources/app', 'recipe']) rmSync(join(folder, part), { recursive: true, force: true });
}
