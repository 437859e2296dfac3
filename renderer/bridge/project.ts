import { z } from 'zod';
import { listOf } from '../core/list-of.ts';
import { projectStateSchema } from '../project/project-schema.ts';
import type { ProjectState } from '../project/project-schema.ts';
import { partId } from '../project/history-record.ts';
import type { PhotoFile } from './capture.ts';
import type { ReadableFile, SaveTarget, SceneFile } from './files.ts';
import { bytesSchema, fileId, suggestedFileName } from './files.ts';
import { droppedFile, message } from './message.ts';

/** The files that a project refers to, by their handles. */
const projectFilesSchema = z.strictObject({
  scene: fileId,
  cameras: fileId.optional(),
  /** One of the photos in a folder that was chosen, with its path in it. */
  photo: z.strictObject({ id: fileId, path: z.string().max(4096) }).optional(),
  /** Where the scene was saved last. */
  saved: fileId.optional(),
  /** The project that is open. */
  project: fileId.optional(),
});
export type ProjectFiles = Readonly<z.infer<typeof projectFilesSchema>>;

/** The scene of a project, as far as it was found. */
export interface FoundScene {
  /** `changed`: a file is there, but not the one that the project was made with. */
  readonly status: 'same' | 'changed' | 'missing';
  /** Of a missing file the handle still names its place. */
  readonly file: SceneFile;
}

/** A project that main has read and checked: the page gets its parts by handles, and no path. */
export interface ProjectFile {
  /** Names the project's file, or a session. */
  readonly id: string;
  /** The project file's name; of a session that of its scene. */
  readonly name: string;
  readonly isSession: boolean;
  readonly state: ProjectState;
  readonly parts: Readonly<Record<string, ReadableFile>>;
  readonly scene: FoundScene;
  readonly cameras?: SceneFile | undefined;
  readonly photos?: readonly PhotoFile[] | undefined;
  readonly saved?: SaveTarget | undefined;
  /** Where Save writes the project again. */
  readonly target?: SaveTarget | undefined;
  /** Names of cameras and photos that were not found. */
  readonly missing: readonly string[];
}

/** What can be opened in the window. */
export type OpenedFile = SceneFile | ProjectFile;

/** What is left of a session that did not end as it should. */
export type LeftSession = 'restore' | 'offer';

/** What the page may ask about opening, about projects, and about what is kept for after a crash. */
export const PROJECT_MESSAGES = {
  /** Asks for a scene or a project; undefined where the dialog was left. */
  showOpen: message<() => OpenedFile | undefined>(),
  openDropped: droppedFile<OpenedFile>(),
  /** Asks where to save the project of a scene. */
  showSaveProject: message<(suggestedName: string, sceneId: string) => SaveTarget | undefined>(
    suggestedFileName,
    fileId,
  ),
  /** Writes on at a part of a project that is being saved; parts come one after the other. */
  writeProjectPart: message<(saveId: string, part: string, bytes: Uint8Array, isLast: boolean) => void>(
    fileId,
    partId,
    bytesSchema,
    z.boolean(),
  ),
  /** Puts a project in its place once all of its parts are written; it joins the recent files. */
  finishProject: message<(saveId: string, files: ProjectFiles, state: ProjectState) => void>(
    fileId,
    projectFilesSchema,
    projectStateSchema,
  ),
  abandonProject: message<(saveId: string) => void>(fileId),
  /** Asks for the scene of a project that was not found, or is another one now. */
  locateScene: message<(projectId: string) => FoundScene | undefined>(fileId),
  /** Begins a part of the session; `writeChunk` and `finishSessionPart` follow. */
  beginSessionPart: message<(part: string, size: number) => SaveTarget>(partId, z.int().min(0)),
  finishSessionPart: message<(saveId: string) => void>(fileId),
  /** Keeps what is open now, once its parts are written; of these no others stay. */
  keepSession: message<(files: ProjectFiles, state: ProjectState, parts: readonly string[]) => void>(
    projectFilesSchema,
    projectStateSchema,
    listOf(partId, { max: 1_000_000 }),
  ),
  /** What is left of the session before; from now on its restoring counts as tried. */
  openLeftSession: message<() => ProjectFile | undefined>(),
  dropLeftSession: message<() => void>(),
  /** Says that the app has lived on with what it restored. */
  sessionHolds: message<() => void>(),
};
