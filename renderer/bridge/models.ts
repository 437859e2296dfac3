import { z } from 'zod';
import type { ModelFile } from './files.ts';
import { fileId } from './files.ts';
import { message } from './message.ts';

/** What a model is, in the words of its catalogue entry or of the checkpoint itself. */
const modelFactsSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['splatformer', 'anchorsplat']),
  /** Output splats an input splat. */
  copies: z.int().positive(),
  license: z.string(),
  /** Trainable numbers. */
  parameters: z.int().positive().optional(),
});
export type ModelFacts = Readonly<z.infer<typeof modelFactsSchema>>;

/** A checkpoint of the person's own, as the settings remember it. */
export const ownModelSchema = modelFactsSchema.extend({
  /** Absolute path. */
  path: z.string().min(1),
});
export type OwnModel = Readonly<z.infer<typeof ownModelSchema>>;

export interface ModelFigure {
  readonly label: string;
  readonly value: string;
}

/** A download under way. */
export interface ModelTransfer {
  readonly stage: 'Connecting' | 'Downloading' | 'Checking';
  /** Bytes downloaded, or in the last stage checked. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/** A model that the app knows, installed or not. */
export interface ModelInfo extends ModelFacts {
  readonly id: string;
  readonly summary: string;
  readonly figures: readonly ModelFigure[];
  /** With the app, fetched by it, a file of the person's own, or a page where the person fetches one. */
  readonly origin: 'shipped' | 'download' | 'own' | 'page';
  /** `absent`: not fetched; `partial`: an interrupted download can go on; `missing`: the file is gone. */
  readonly state: 'ready' | 'absent' | 'partial' | 'missing';
  /** Size of the file in bytes, as published where it is not here; null where nobody knows. */
  readonly bytes: number | null;
  /** Bytes of an interrupted download that are here. */
  readonly partBytes: number;
  readonly fileName: string;
  /** Host of the address that a download comes from, or of the authors' page. */
  readonly host: string;
  readonly hasPage: boolean;
  readonly isDefault: boolean;
  readonly transfer?: ModelTransfer | undefined;
}

const modelId = z.string().min(1).max(64);

/** What the page may ask about models. */
export const MODEL_MESSAGES = {
  listModels: message<() => readonly ModelInfo[]>(),
  /** A model that is here, by its ID. */
  openModel: message<(id: string) => ModelFile>(modelId),
  /** Remembers the model that Refine uses at the next start. */
  chooseModel: message<(id: string) => void>(modelId),
  /** Keeps a checkpoint in the list of models by its handle, with what the page found in it. */
  rememberModel: message<(fileId: string, facts: ModelFacts) => ModelFile>(fileId, modelFactsSchema),
  /** Takes a checkpoint of the person's own off the list; its file stays. */
  forgetModel: message<(id: string) => void>(modelId),
  /**
   * Fetches a model of the catalogue, or goes on with it; resolves once it is installed. Progress comes by
   * `onModelChanged`.
   */
  downloadModel: message<(id: string) => void>(modelId),
  cancelModelDownload: message<(id: string) => void>(modelId),
  /** Deletes a fetched model, or what an interrupted download left. */
  removeModel: message<(id: string) => void>(modelId),
  /** Opens the authors' page in the person's browser. */
  openModelPage: message<(id: string) => void>(modelId),
  /** Main memory of this machine, in bytes. */
  memory: message<() => { readonly freeBytes: number; readonly totalBytes: number }>(),
};
