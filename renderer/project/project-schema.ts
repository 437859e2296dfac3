import { z } from 'zod';
import { SplatError } from '../core/errors.ts';
import { checkJson, parseJson } from '../core/json.ts';
import { recordOf } from '../core/record-of.ts';
import { UP_AXES } from '../core/up-axes.ts';
import { historyRecordSchema } from './history-record.ts';

/** Version that is written. A reader refuses later ones. */
export const PROJECT_VERSION = 1;
const FORMAT = 'splatformer-project';
const ADVICE = 'The file was left as it is. The scene itself opens with File > Open.';

const path = z.string().min(1).max(8192);
const triple = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** Where a file or folder lies. */
const placeSchema = z.strictObject({
  /** From the project's own folder, with forward slashes; absent where no such path leads there. */
  relative: path.optional(),
  absolute: path,
});
export type Place = z.infer<typeof placeSchema>;

/** By what a file is known again. */
const identitySchema = z.strictObject({
  size: z.number().min(0),
  /** Of its beginning, middle and end, as hexadecimal SHA-256. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type FileIdentity = z.infer<typeof identitySchema>;

const placesSchema = z.strictObject({
  scene: z.strictObject({ ...placeSchema.shape, identity: identitySchema.optional() }),
  cameras: placeSchema.optional(),
  /** A folder. */
  photos: placeSchema.optional(),
  /** Where the scene was saved last. */
  saved: placeSchema.optional(),
  /** The project that a session has open. */
  project: placeSchema.optional(),
});
export type Places = z.infer<typeof placesSchema>;

const poseSchema = z.strictObject({
  position: triple,
  target: triple,
  orientation: z.tuple([z.number(), z.number(), z.number(), z.number()]).readonly(),
  fovYDegrees: z.number().min(0.1).max(179),
});

/** What the page wants to have again, besides files. */
export const projectStateSchema = z.strictObject({
  sceneName: z.string().max(4096),
  /** Absent where it found no room: then the scene comes back as its file has it. */
  history: historyRecordSchema.optional(),
  /** Scenes of the history that lie in a file: as opened, as saved last, in the project. */
  held: z.strictObject({
    opened: z.int().min(0).optional(),
    saved: z.int().min(0).optional(),
    project: z.int().min(0).optional(),
  }),
  shown: z.enum(['before', 'after']),
  /** The axis that a person chose for up. */
  up: z.enum(UP_AXES).optional(),
  pose: poseSchema,
  /** The open panel's id, '' for none. */
  panel: z.string().max(64),
  showGrid: z.boolean(),
  showAxes: z.boolean(),
  /** What parts of the window keep of their own, each under its name; they check it themselves. */
  features: recordOf(z.string().max(64), z.unknown()),
});
export type ProjectState = z.infer<typeof projectStateSchema>;

const projectSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(PROJECT_VERSION),
  app: z.string().max(64),
  places: placesSchema,
  state: projectStateSchema,
});
const headerSchema = z.object({ format: z.literal(FORMAT), version: z.number() });
export type Project = z.infer<typeof projectSchema>;

/**
 * Reads the text of a project.
 * @param name for messages
 * @throws SplatError `invalid-file` that names the field which is wrong; `unsupported-feature` for a later version
 */
export function parseProject(text: string, name: string): Project {
  const file = { name, what: 'a project', advice: ADVICE };
  const json = parseJson(file, text);
  const { version } = checkJson(file, json, headerSchema);
  if (version > PROJECT_VERSION)
    throw new SplatError(
      'unsupported-feature',
      `${name} was written by a later version of the app (${version}, this one reads ${PROJECT_VERSION}).`,
      'Update the app.',
    );
  return checkJson(file, json, projectSchema);
}

/** The text that `parseProject` reads. */
export function writeProject(project: Pick<Project, 'app' | 'places' | 'state'>): string {
  return `${JSON.stringify({ format: FORMAT, version: PROJECT_VERSION, ...project }, null, 1)}\n`;
}
