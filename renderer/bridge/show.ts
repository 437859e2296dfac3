import { z } from 'zod';
import type { ReadableFile, SaveTarget } from './files.ts';
import { fileId, suggestedFileName } from './files.ts';
import { message } from './message.ts';

/** Kinds of files that a person saves from the Camera menu. */
const showSaveKindSchema = z.enum(['picture', 'video', 'camera']);
export type ShowSaveKind = z.infer<typeof showSaveKindSchema>;

/** Largest text that is kept for a scene: hundreds of bookmarks and a thousand keys. */
const MAX_SCENE_SHOW_CHARACTERS = 2_000_000;

/** What the page may ask about pictures, videos, bookmarks and camera paths. */
export const SHOW_MESSAGES = {
  /** Asks where to save; a video's kind is that of the suggested name. */
  showSaveShow: message<(kind: ShowSaveKind, suggestedName: string) => SaveTarget | undefined>(
    showSaveKindSchema,
    suggestedFileName,
  ),
  /** Puts a saved file in place without taking it for a scene. */
  finishShowSave: message<(id: string) => void>(fileId),
  /** Asks for a file of bookmarks, a path or a turntable. */
  showOpenShow: message<() => ReadableFile | undefined>(),
  /** What was kept for a scene, by the handle it was opened with. */
  readSceneShow: message<(sceneId: string) => string | undefined>(fileId),
  /** Keeps a text for a scene; an empty one removes what was kept. */
  writeSceneShow: message<(sceneId: string, text: string) => void>(fileId, z.string().max(MAX_SCENE_SHOW_CHARACTERS)),
};
