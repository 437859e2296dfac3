// Feeds of new versions: what a build is told of its feed, and what a release signs (docs/packaging.md).
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetUpError } from '../setup/process.mjs';

/** Folder in the person's cache where electron-updater keeps what it downloads. */
const CACHE_FOLDER = 'splatformer-desktop-updater';
/** Names of files that a feed can name: the app refuses others. */
const PLAIN_NAME = /^\w[\w.-]*$/;

/** The feed of each system by electron-updater's names, and which files are its own. */
const FEEDS = [
  { name: 'latest.yml', isOwn: (file) => /\.exe$/.test(file) },
  { name: 'latest-mac.yml', isOwn: (file) => /\.zip$/.test(file) },
  { name: 'latest-linux.yml', isOwn: (file) => /\.(AppImage|deb)$/.test(file) && !/arm64/.test(file) },
  { name: 'latest-linux-arm64.yml', isOwn: (file) => /\.(AppImage|deb)$/.test(file) && /arm64/.test(file) },
];

/**
 * What goes into the package as update.json: {channel?, sentence?}; neither variable set means a build without a feed.
 * @throws SetUpError where they are not both there and right
 */
export function channelFromEnvironment(env) {
  const [feed, publicKey] = [env.SPLATFORMER_UPDATE_FEED ?? '', env.SPLATFORMER_UPDATE_PUBLIC_KEY ?? ''];
  if (feed === '' && publicKey === '')
    return { sentence: 'No update feed: SPLATFORMER_UPDATE_FEED and SPLATFORMER_UPDATE_PUBLIC_KEY are not set.' };
  if (!URL.canParse(feed) || new URL(feed).protocol !== 'https:')
    throw new SetUpError(`SPLATFORMER_UPDATE_FEED must be the https address of a folder, and is "${feed}".`);
  readKey('SPLATFORMER_UPDATE_PUBLIC_KEY', publicKey, createPublicKey, 'spki');
  return {
    channel: { feed: feed.endsWith('/') ? feed : `${feed}/`, publicKey, updaterCacheDirName: CACHE_FOLDER },
  };
}

/** The private key of a release. @throws SetUpError where the environment has none, or another than the build's */
export function signingKeyFromEnvironment(env) {
  const key = readKey(
    'SPLATFORMER_UPDATE_PRIVATE_KEY',
    env.SPLATFORMER_UPDATE_PRIVATE_KEY ?? '',
    createPrivateKey,
    'pkcs8',
  );
  const expected = env.SPLATFORMER_UPDATE_PUBLIC_KEY ?? '';
  if (expected !== '' && expected !== publicKeyOf(key))
    throw new SetUpError('SPLATFORMER_UPDATE_PRIVATE_KEY is not the key of SPLATFORMER_UPDATE_PUBLIC_KEY.');
  return key;
}

/** The public key of a private one, as a build is told it. */
export function publicKeyOf(privateKey) {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
}

/**
 * The feeds of all systems whose files lie in a folder: [{name, text, signature}], text and signature as they are
 * published, NAME and NAME.sig.
 * @throws SetUpError where no file is there, or one that is not to be published
 */
export async function makeFeeds(folder, { version, releaseDate, privateKey }) {
  const there = readdirSync(folder).sort();
  const feeds = [];
  for (const { name, isOwn } of FEEDS) {
    const own = there.filter(isOwn);
    if (own.length === 0) continue;
    for (const file of own) assertPublishable(file, version);
    const files = [];
    for (const url of own)
      files.push({ url, sha512: await sha512Of(join(folder, url)), size: statSync(join(folder, url)).size });
    // JSON, which is YAML too: electron-updater's own tools read it.
    const text = `${JSON.stringify({ feed: name, version, releaseDate, files }, null, 2)}\n`;
    feeds.push({ name, text, signature: `${sign(null, Buffer.from(text), privateKey).toString('base64')}\n` });
  }
  if (feeds.length === 0) throw new SetUpError(`${folder} holds no installer: run npm run package first.`);
  return feeds;
}

function assertPublishable(file, version) {
  if (file.includes('~standin'))
    throw new SetUpError(
      `${file} is made with the stand-in Electron, which is for nobody: make it again with the real one.`,
    );
  if (!PLAIN_NAME.test(file)) throw new SetUpError(`${file} is no name for a feed: letters, digits, _ . and - alone.`);
  if (!file.includes(version))
    throw new SetUpError(`${file} is not of version ${version}: remove it, or make it again.`);
}

async function sha512Of(path) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64');
}

function readKey(variable, text, create, type) {
  let key;
  try {
    key = create({ key: Buffer.from(text, 'base64'), format: 'der', type });
  } catch {
    // Told below.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new SetUpError(`${variable} must be an Ed25519 key: ${type.toUpperCase()} in DER, in base64 on one line.`);
}
