import { z } from 'zod';

const id = z.uuid();

/** Kinds of files that a person saves from the Camera menu. */
export const showSaveKind = z.enum(['picture', 'video', 'camera']);

/** Largest text that is kept for a scene: hundreds of bookmarks and a thousand keys. */
export const MAX_SCENE_SHOW_CHARACTERS = 2_000_000;

/** Arguments of the messages about pictures, videos, bookmarks and camera paths. */
export const SHOW_CHANNEL_ARGUMENTS = {
  showSaveShow: z.tuple([
    showSaveKind,
    z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^/\\\0]+$/),
  ]),
  writeChunkAt: z.tuple([id, z.instanceof(Uint8Array), z.int().min(0)]),
  finishShowSave: z.tuple([id]),
  showOpenShow: z.tuple([]),
  readSceneShow: z.tuple([id]),
  writeSceneShow: z.tuple([id, z.string().max(MAX_SCENE_SHOW_CHARACTERS)]),
  beginVideoOutput: z.tuple([]),
} as const;
