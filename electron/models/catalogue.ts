import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { SplatError } from '../../renderer/core/errors.ts';
import { checkJson, parseJson } from '../../renderer/core/json.ts';
import { listOf } from '../../renderer/core/list-of.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';

/** A name of a file in the catalogue's own folder: no path can lead out of it. */
const fileName = z.string().regex(/^[\w][\w.-]*$/, 'is not a plain file name');

const figureSchema = z.strictObject({ label: z.string().min(1), value: z.string().min(1) });

const downloadSchema = z.strictObject({
  kind: z.literal('download'),
  url: z.url(),
  /** Size in bytes, known to within `bytesWithin`: pages publish rounded megabytes. The checksum decides. */
  bytes: z.int().positive(),
  bytesWithin: z.int().min(0),
  /** SHA-256 of the file, lower-case hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type DownloadSource = z.infer<typeof downloadSchema>;

const modelSchema = z.strictObject({
  /** What `--model` and the settings name it by. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  name: z.string().min(1),
  kind: z.enum(['splatformer', 'anchorsplat']),
  /** Output splats an input splat. */
  copies: z.int().positive(),
  license: z.string().min(1),
  summary: z.string().min(1),
  figures: listOf(figureSchema),
  /** The authors' page. */
  page: z.url({ protocol: /^https$/ }).optional(),
  /** Description file beside the catalogue; without one, NAME.json beside the checkpoint where there is one. */
  sidecar: fileName.optional(),
  source: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('shipped'), file: fileName }),
    downloadSchema,
    /** The person fetches the file from this page: its licence does not let the app do so. */
    z.strictObject({ kind: z.literal('page'), url: z.url({ protocol: /^https$/ }) }),
  ]),
});
export type CatalogueModel = z.infer<typeof modelSchema>;

const catalogueSchema = z
  .strictObject({ version: z.literal(1), models: listOf(modelSchema, { min: 1 }) })
  .refine(
    ({ models }) => new Set(models.map(({ id }) => id)).size === models.length,
    'holds two models of the same id',
  );

/** The models that the app knows by name; the first shipped one is the default. */
export interface Catalogue {
  /** Folder of the catalogue, the sidecars and the shipped checkpoints. */
  readonly folder: string;
  readonly models: readonly CatalogueModel[];
  /** Downloads may come from this machine by plain HTTP; a test's catalogue only. */
  readonly isForTests: boolean;
}

/** The shipped catalogue's file name. */
export const CATALOGUE_FILE = 'catalogue.json';

/**
 * Reads and checks a catalogue.
 * @throws SplatError `io` where it can't be read, `invalid-file` naming the first fields that are wrong
 */
export function readCatalogue(file: string, { isForTests = false }: { readonly isForTests?: boolean } = {}): Catalogue {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  const catalogue = { name: `The catalogue of models (${file})`, what: 'one', advice: 'Install the app again.' };
  const { models } = checkJson(catalogue, parseJson(catalogue, text), catalogueSchema);
  const insecure = models.find(({ source }) => source.kind === 'download' && !isAllowedAddress(source.url, isForTests));
  if (insecure !== undefined)
    throw new SplatError(
      'invalid-file',
      `The catalogue of models (${file}) asks for ${insecure.id} over an unprotected connection.`,
      'Install the app again.',
    );
  return { folder: dirname(file), models, isForTests };
}

/** Whether a download may go to this address: HTTPS, or in tests HTTP on this very machine. */
export function isAllowedAddress(url: string, isForTests: boolean): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' ||
    (isForTests && protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
  );
}

export interface CatalogueChoice {
  /** Value of --model-catalogue, '' without it. */
  readonly override: string;
  /** Value of --user-data-dir, '' without it. */
  readonly userDataOverride: string;
  readonly isPackaged: boolean;
  readonly shippedFolder: string;
}

/**
 * The catalogue of this start. Its checksums are what makes a download safe, so another one is taken only by tests:
 * named by a switch, in an unpackaged app, together with a user-data folder of its own.
 * @throws SplatError `usage` where the switch is given but not allowed, and as `readCatalogue`
 */
export function chooseCatalogue({ override, userDataOverride, isPackaged, shippedFolder }: CatalogueChoice): Catalogue {
  if (override === '') return readCatalogue(join(shippedFolder, CATALOGUE_FILE));
  if (isPackaged)
    throw new SplatError(
      'usage',
      'An installed app takes no other catalogue of models (--model-catalogue).',
      'Start it without that switch.',
    );
  if (userDataOverride === '')
    throw new SplatError(
      'usage',
      '--model-catalogue is for tests and needs --user-data-dir beside it.',
      'Start the app without that switch.',
    );
  return readCatalogue(override, { isForTests: true });
}
