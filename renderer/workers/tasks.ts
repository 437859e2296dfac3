import type { ErrorRecord } from '../core/errors.ts';
import type { DetailLevels } from '../core/detail-levels.ts';
import type { Progress } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { FloaterOptions } from '../edit/floaters.ts';
import type { SplatMask } from '../edit/selection.ts';
import type { EncodeOptions } from '../io/encode-options.ts';
import type { ReadOptions } from '../io/source.ts';
import type { EncodedScene, WritableFormatId } from '../io/write-scene.ts';
import type { PortedFile } from './file-port.ts';
import type { RefineManifest } from '../refine/manifest.ts';
import type { RefineModel } from '../refine/model.ts';
import type { FoundRegion } from '../refine/region.ts';
import type { VeilOptions } from '../refine/veil.ts';

/** What a worker gets as a file: a Blob and a port are read piece by piece, an ArrayBuffer is transferred. */
export type SceneFile = Blob | ArrayBuffer | PortedFile;

/** A checkpoint, the parsed content of the description file beside it (null without one) and its name for people. */
export interface CheckpointFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sidecar: unknown;
  readonly name: string;
}

/** The table of tasks: request and answer by name. Callers import this file, never the handlers. */
export interface SceneTasks {
  readonly parse: {
    readonly request: {
      readonly file: SceneFile;
      readonly name: string;
      /** Files beside this one by relative path, for SOG folders. */
      readonly siblings?: Readonly<Record<string, SceneFile>> | undefined;
      /** Whether a preview is sent while the file is read. */
      readonly hasPreview: boolean;
    } & Pick<ReadOptions, 'mostArrayBytes'>;
    readonly answer: SplatScene;
  };
  readonly encode: {
    readonly request: {
      readonly scene: SplatScene;
      readonly format: Exclude<WritableFormatId, 'inria-ply'>;
    } & Pick<EncodeOptions, 'comment' | 'stem' | 'views'>;
    readonly answer: Omit<EncodedScene, 'content'> & { readonly bytes: Uint8Array };
  };
  /** Merges splats until `targetCount` are left. */
  readonly decimate: {
    readonly request: { readonly scene: SplatScene; readonly targetCount: number };
    readonly answer: {
      readonly scene: SplatScene;
      /** (N) 1 for each splat of the request that was merged or left out. */
      readonly gone: SplatMask;
    };
  };
  /** Marks floaters. */
  readonly floaters: {
    readonly request: { readonly scene: SplatScene; readonly options: FloaterOptions };
    readonly answer: SplatMask;
  };
  /** Marks what hides a capture's subject from where no camera stood. */
  readonly veil: {
    readonly request: { readonly scene: SplatScene; readonly options: VeilOptions };
    readonly answer: SplatMask;
  };
  /** Finds what of a scene is refined unless a person says otherwise. */
  readonly region: { readonly request: { readonly scene: SplatScene }; readonly answer: FoundRegion };
  /** Makes levels of detail; the scene's rows are asked for at a port. */
  readonly levels: {
    readonly request: Pick<SplatScene, 'positions' | 'shDegree' | 'meta'> & { readonly port: MessagePort };
    readonly answer: DetailLevels;
  };
  /** What a checkpoint is, by its shapes and its description. */
  readonly describeModel: { readonly request: CheckpointFile; readonly answer: RefineManifest };
  /** The network of a checkpoint, decoded. */
  readonly loadModel: { readonly request: CheckpointFile; readonly answer: RefineModel };
}

export type SceneTaskName = keyof SceneTasks;

export type TaskMessage = {
  readonly [T in SceneTaskName]: { readonly task: T; readonly request: SceneTasks[T]['request'] };
}[SceneTaskName];

/** What a worker answers: progress any number of times and at most one preview, then one `done` or `failed`. */
export type TaskReply<T extends SceneTaskName> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'preview'; readonly preview: SplatScene }
  | { readonly kind: 'done'; readonly answer: SceneTasks[T]['answer'] }
  | { readonly kind: 'failed'; readonly failure: ErrorRecord };
