import { z } from 'zod';
import { vector3Schema, viewpointSchema } from '../core/camera-file.ts';
import type { Viewpoint } from '../core/camera-file.ts';
import { SplatError } from '../core/errors.ts';
import { checkJson, parseJson } from '../core/json.ts';
import { listOf } from '../core/list-of.ts';
import { MAX_BOOKMARKS, MAX_NAME_LENGTH } from './bookmarks.ts';
import type { Bookmark } from './bookmarks.ts';
import { LEAST_SECONDS, MAX_KEYS, MAX_SECONDS } from './keys.ts';
import { pathShot } from './path.ts';
import type { CameraPath } from './path.ts';
import type { Shot } from './shot.ts';
import { turntableShot } from './turntable.ts';
import type { Turntable } from './turntable.ts';

/** Version that is written. A reader refuses later ones. */
export const SHOW_FILE_VERSION = 1;

const version = z.literal(SHOW_FILE_VERSION);
const direction = vector3Schema.refine((v) => Math.hypot(...v) > 1e-9, 'must not be the zero vector');
const fovYDegrees = z.number().min(1).max(170);

const view = { ...viewpointSchema.shape, up: direction, fovYDegrees };
const looksSomewhere = ({ position, target }: Pick<Viewpoint, 'position' | 'target'>): boolean =>
  Math.hypot(...position.map((value, axis) => value - target[axis])) > 1e-9;
const oneViewPoint = 'has position and target at the same point';

const bookmarkSchema = z
  .strictObject({ name: z.string().trim().min(1).max(MAX_NAME_LENGTH), ...view })
  .refine(looksSomewhere, oneViewPoint);
const keySchema = z
  .strictObject({ timeSeconds: z.number().min(0).max(MAX_SECONDS), ...view, stop: z.boolean().default(false) })
  .refine(looksSomewhere, oneViewPoint);

const bookmarksSchema = listOf(bookmarkSchema, { max: MAX_BOOKMARKS });

const pathFields = {
  timing: z.enum(['keys', 'constant']).default('keys'),
  ease: z.boolean().default(true),
  keys: listOf(keySchema, { max: MAX_KEYS }).superRefine((keys, context) => {
    keys.forEach(({ timeSeconds }, index) => {
      if (index > 0 && timeSeconds - (keys[index - 1]?.timeSeconds ?? 0) < LEAST_SECONDS - 1e-9) {
        context.addIssue({
          code: 'custom',
          path: [index, 'timeSeconds'],
          message: `must be at least ${LEAST_SECONDS} s after the key before`,
        });
      }
    });
  }),
};

const turntableFields = {
  centre: vector3Schema,
  distance: z.number().positive(),
  up: direction,
  side: direction,
  turns: z.number().min(-100).max(100),
  durationSeconds: z.number().min(LEAST_SECONDS).max(MAX_SECONDS),
  startElevationDegrees: z.number().min(-90).max(90),
  endElevationDegrees: z.number().min(-90).max(90),
  fovYDegrees,
};
const sideIsSideways = ({ up, side }: { up: readonly number[]; side: readonly number[] }): boolean => {
  const cosine =
    up.reduce((sum, value, axis) => sum + value * side[axis], 0) / (Math.hypot(...up) * Math.hypot(...side));
  return Math.abs(cosine) < 1 - 1e-9;
};

const SCHEMAS = {
  'splatformer-bookmarks': z.strictObject({
    format: z.literal('splatformer-bookmarks'),
    version,
    bookmarks: bookmarksSchema,
  }),
  'splatformer-camera-path': z.strictObject({ format: z.literal('splatformer-camera-path'), version, ...pathFields }),
  'splatformer-turntable': z
    .strictObject({ format: z.literal('splatformer-turntable'), version, ...turntableFields })
    .refine(sideIsSideways, 'has a side that runs along up'),
} as const;

type Format = keyof typeof SCHEMAS;

const NAMES: Record<Format, string> = {
  'splatformer-bookmarks': 'list of bookmarks',
  'splatformer-camera-path': 'camera path',
  'splatformer-turntable': 'turntable',
};

/** What a file of this folder holds. */
export type ShowFile =
  | { readonly kind: 'bookmarks'; readonly bookmarks: readonly Bookmark[] }
  | { readonly kind: 'path'; readonly path: CameraPath }
  | { readonly kind: 'turntable'; readonly turntable: Turntable };

/** What is kept for a scene between starts. */
export interface SceneShow {
  readonly bookmarks: readonly Bookmark[];
  readonly path: CameraPath;
  /** Undefined until a person asks for one: it then follows from the scene. */
  readonly turntable: Turntable | undefined;
}

const turntableSchema = z.strictObject(turntableFields).refine(sideIsSideways, 'has a side that runs along up');
const sceneShowSchema = z.strictObject({
  version,
  bookmarks: bookmarksSchema,
  path: z.strictObject(pathFields),
  turntable: turntableSchema.optional(),
});

/**
 * Reads the text of a bookmark, path or turntable file.
 * @param name for messages
 * @throws SplatError `invalid-file` that names the field which is wrong; `unsupported-feature` for a later version
 */
export function parseShowFile(text: string, name: string): ShowFile {
  const json = parseJson({ name, what: 'a file of bookmarks or paths', advice: ADVICE }, text);
  const header = z
    .object({ format: z.enum(Object.keys(SCHEMAS) as [Format, ...Format[]]), version: z.number() })
    .safeParse(json);
  if (!header.success) {
    throw new SplatError(
      'invalid-file',
      `${name} holds neither bookmarks, a camera path nor a turntable.`,
      `Its "format" must be one of ${Object.keys(SCHEMAS).join(', ')}, its "version" ${SHOW_FILE_VERSION}.`,
    );
  }
  const { format } = header.data;
  if (header.data.version > SHOW_FILE_VERSION) {
    throw new SplatError(
      'unsupported-feature',
      `${name} was written by a later version of the app ` +
        `(${header.data.version}, this one reads ${SHOW_FILE_VERSION}).`,
      'Update the app.',
    );
  }
  switch (format) {
    case 'splatformer-bookmarks':
      return { kind: 'bookmarks', bookmarks: checked(SCHEMAS[format], json, name, format).bookmarks };
    case 'splatformer-camera-path': {
      const { keys, timing, ease } = checked(SCHEMAS[format], json, name, format);
      return { kind: 'path', path: { keys, timing, ease } };
    }
    case 'splatformer-turntable': {
      const {
        centre,
        distance,
        up,
        side,
        turns,
        durationSeconds,
        startElevationDegrees,
        endElevationDegrees,
        fovYDegrees: fov,
      } = checked(SCHEMAS[format], json, name, format);
      return {
        kind: 'turntable',
        turntable: {
          centre,
          distance,
          up,
          side,
          turns,
          durationSeconds,
          startElevationDegrees,
          endElevationDegrees,
          fovYDegrees: fov,
        },
      };
    }
  }
}

/** The text of a file that `parseShowFile` reads; the same content is always the same text. */
export function writeShowFile(file: ShowFile): string {
  const text = (format: Format, content: object): string =>
    lines(SCHEMAS[format].parse({ format, version: SHOW_FILE_VERSION, ...content }));
  switch (file.kind) {
    case 'bookmarks':
      return text('splatformer-bookmarks', { bookmarks: file.bookmarks });
    case 'path':
      return text('splatformer-camera-path', file.path);
    case 'turntable':
      return text('splatformer-turntable', file.turntable);
  }
}

/**
 * The moving camera that a file describes.
 * @throws SplatError `invalid-file` where it describes none
 */
export function shotOf(file: ShowFile, name: string): Shot {
  if (file.kind === 'turntable') return turntableShot(file.turntable);
  if (file.kind === 'bookmarks')
    throw new SplatError(
      'invalid-file',
      `${name} is a list of bookmarks, not a camera path.`,
      'Save the path in the app with Camera > Save Path.',
    );
  if (file.path.keys.length < 2)
    throw new SplatError(
      'invalid-file',
      `${name} has ${file.path.keys.length} keys; a camera path needs two at least.`,
      'Add a key in the app, and save the path again.',
    );
  return pathShot(file.path);
}

/** Reads what was kept for a scene. Throws as `parseShowFile`. */
export function parseSceneShow(text: string, name: string): SceneShow {
  return sceneShowOf(parseJson({ name, what: RECORD, advice: ADVICE }, text), name);
}

/** The inverse of `sceneShowRecord`. Throws as `parseShowFile`. */
export function sceneShowOf(record: unknown, name: string): SceneShow {
  const { bookmarks, path, turntable } = checkJson({ name, what: RECORD, advice: ADVICE }, record, sceneShowSchema);
  return { bookmarks, path, turntable };
}

export function writeSceneShow(show: SceneShow): string {
  return lines(sceneShowRecord(show));
}

/** What is kept for a scene, as JSON can hold it; see `sceneShowOf`. */
export function sceneShowRecord({ bookmarks, path, turntable }: SceneShow): object {
  return { version: SHOW_FILE_VERSION, bookmarks, path, ...(turntable === undefined ? {} : { turntable }) };
}

const RECORD = 'a record of bookmarks and paths';
const ADVICE = 'Mend the file, or save it again from the app.';

function checked<T>(schema: z.ZodType<T>, json: unknown, name: string, format: Format): T {
  return checkJson({ name, what: `a ${NAMES[format]}`, advice: ADVICE }, json, schema);
}

function lines(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
