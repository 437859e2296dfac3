import type { JobOptions, Progress } from '../core/progress.ts';
import type { FileStage } from '../core/stages.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { RefineAnswer } from '../refine/lean-scene.ts';
import type { SceneKnowledge } from '../refine/refine-scene.ts';
import type { ErrorRecord } from '../core/errors.ts';
import { message } from './message.ts';

/** A checkpoint's content on its way to whoever runs it. */
export interface ModelBytes {
  /** Names this content, so that it is read into a model once. */
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Parsed content of NAME.json beside NAME.pth; null without one. */
  readonly sidecar: unknown;
}

/** `up` is what the person chose, or the photos gave; `cameras` are those of the open capture. */
export type InferenceOptions = JobOptions<FileStage> & SceneKnowledge;

/** Page to inference process: refine this scene. One at a time; cancelling ends the process. */
export interface InferenceRequest {
  readonly scene: SplatScene;
  readonly model: ModelBytes;
  readonly knowledge: SceneKnowledge;
}

/** Inference process to page. */
export type InferenceAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: Progress<FileStage> }
  | ({ readonly kind: 'done' } & RefineAnswer)
  | { readonly kind: 'failed'; readonly failure: ErrorRecord };

/** What the page may ask about the inference process. */
export const INFERENCE_MESSAGES = {
  /** Starts native inference in its own process, whose MessagePort arrives as `PORTS.inference`. */
  connectInference: message<() => void>(),
  /** Ends that process at once, and with it whatever it computes. */
  stopInference: message<() => void>(),
};
