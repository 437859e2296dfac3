import { z } from 'zod';
import { MAX_CHUNK_BYTES } from './chunk-size.ts';
import { WRITABLE_FORMATS } from '../core/writable-formats.ts';
import type { WritableFormatId } from '../core/writable-formats.ts';
import { droppedFile, message } from './message.ts';

/**
 * Files as the page knows them: opaque handles that main gave out. A path never reaches the page.
 */

/** A file that main lets the page read, by handle. */
export interface ReadableFile {
  readonly id: string;
  /** File name without folder; of a scene's neighbour, its path below the scene's folder. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
}

/** A scene file; formats made of several files bring their neighbours (readable on demand). */
export interface SceneFile extends ReadableFile {
  readonly neighbours: readonly ReadableFile[];
}

/** A model's weights, with the JSON file of the same name beside it when there is one. */
export interface ModelFile extends ReadableFile {
  /** Which model of the registry it is; a file named on the command line is none. */
  readonly model?: { readonly id: string; readonly name: string; readonly copies: number } | undefined;
  readonly sidecar?: ReadableFile | undefined;
}

/** A new file being written; nothing of it is visible at its place until `finishSave`. */
export interface SaveTarget {
  readonly id: string;
  readonly name: string;
  /** The format that its name asks for, where that is a scene's. */
  readonly format?: WritableFormatId | undefined;
}

/** A handle. */
export const fileId = z.uuid();

/** Largest text of choices that is kept for a scene. */
const MAX_MEMORY_CHARACTERS = 10_000;

/** The name of a file that a save dialog suggests, without folder. */
export const suggestedFileName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\\0]+$/);

/** The path of a file beside a scene: at most one folder down, and none up. */
const pathBeside = z
  .string()
  .max(300)
  .regex(/^(?!\.)[^/\\\0]+(\/(?!\.)[^/\\\0]+)?$/);

export const bytesSchema = z.instanceof(Uint8Array);

/** What the page may ask about files. */
export const FILE_MESSAGES = {
  /** Asks for a checkpoint; undefined where the dialog was left. */
  showOpenModel: message<() => ModelFile | undefined>(),
  openSample: message<() => SceneFile>(),
  openDroppedModel: droppedFile<ModelFile>(),
  /** Up to `length` bytes from `offset`; fewer at the end of the file. */
  readChunk: message<(id: string, offset: number, length: number) => Uint8Array>(
    fileId,
    z.int().min(0),
    z.int().min(0).max(MAX_CHUNK_BYTES),
  ),
  closeFile: message<(id: string) => void>(fileId),
  /** Asks where to save; `inputId` is the open scene's file, which is never overwritten. */
  showSave: message<
    (suggestedName: string, format: WritableFormatId, inputId: string | undefined) => SaveTarget | undefined
  >(suggestedFileName, z.enum(WRITABLE_FORMATS), fileId.optional()),
  /** Begins to save where an earlier save went, in the place of it. */
  saveAgain: message<(id: string) => SaveTarget>(fileId),
  /** Shows a file that was saved in the system's file manager. */
  revealSaved: message<(id: string) => void>(fileId),
  writeChunk: message<(id: string, bytes: Uint8Array) => void>(fileId, bytesSchema),
  /** Writes at a position of a file being saved; what was there is replaced. */
  writeChunkAt: message<(id: string, bytes: Uint8Array, position: number) => void>(fileId, bytesSchema, z.int().min(0)),
  /** Writes on at a file beside a scene being saved, by its path below the scene's folder; `isLast` completes it. */
  writeBeside: message<(id: string, path: string, bytes: Uint8Array, isLast: boolean) => void>(
    fileId,
    pathBeside,
    bytesSchema,
    z.boolean(),
  ),
  /** Puts a saved scene in place; it joins the recent ones. */
  finishSave: message<(id: string) => void>(fileId),
  abandonSave: message<(id: string) => void>(fileId),
  /** A scene was opened: it joins the recent ones. */
  rememberScene: message<(id: string) => void>(fileId),
  /** What a person chose for this scene at an earlier time, see `SceneMemory`. */
  readSceneMemory: message<(id: string) => string | undefined>(fileId),
  /** Keeps a text for the scene; an empty one removes what was kept. */
  writeSceneMemory: message<(id: string, text: string) => void>(fileId, z.string().max(MAX_MEMORY_CHARACTERS)),
};
