import type { Rgb } from '../core/vector.ts';
import type { VideoContainer, VideoQuality } from '../show/video-settings.ts';
import type { Answer, ModelFile, ReadableFile, SaveTarget, SceneFile } from './desktop.ts';

/** What the page may ask about pictures, videos, bookmarks and camera paths. */
export interface ShowBridge {
  /** Asks where to save; a video's kind is that of the suggested name. */
  showSaveShow(kind: 'picture' | 'video' | 'camera', suggestedName: string): Promise<Answer<SaveTarget | undefined>>;
  /** Writes at a place of a file being saved; what lay there is replaced. */
  writeChunkAt(id: string, bytes: Uint8Array, position: number): Promise<Answer<undefined>>;
  /** Puts a saved file in place without taking it for a scene. */
  finishShowSave(id: string): Promise<Answer<undefined>>;
  /** Asks for a file of bookmarks, a path or a turntable. */
  showOpenShow(): Promise<Answer<ReadableFile | undefined>>;
  /** What was kept for a scene, by the handle it was opened with. */
  readSceneShow(sceneId: string): Promise<Answer<string | undefined>>;
  /** Keeps a text for a scene; an empty one removes what was kept. */
  writeSceneShow(sceneId: string, text: string): Promise<Answer<undefined>>;
  /** The file that a video job writes. */
  beginVideoOutput(): Promise<Answer<SaveTarget>>;
}

/** How the camera goes round a scene for which there is no path. */
export interface TurnRequest {
  readonly turns: number;
  readonly durationSeconds: number;
  readonly startElevationDegrees: number;
  readonly endElevationDegrees: number;
  readonly fovYDegrees: number;
}

/** A video to make without a window. */
export interface VideoJobRequest {
  readonly kind: 'video';
  readonly scene: SceneFile;
  /** The scene refined, from a file. */
  readonly refined?: SceneFile | undefined;
  /** The model to refine the scene with at first. */
  readonly model?: ModelFile | undefined;
  readonly view: 'before' | 'after' | 'split';
  /** Text and name of a path or turntable file, or a turn about the scene. */
  readonly camera: { readonly text: string; readonly name: string } | { readonly turn: TurnRequest };
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly container: VideoContainer;
  readonly quality: VideoQuality;
  readonly background: Rgb;
}
