import { SplatError, toSplatError } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { sceneTransferables } from '../core/splat-scene.ts';
import type { SceneSource } from '../io/read-scene.ts';
import { readScene, sourceFromBlob, sourceFromBytes } from '../io/read-scene.ts';
import { encodeScene } from '../io/write-scene.ts';
import type { SceneFile, SceneTaskName, SceneTasks, TaskMessage, TaskReply } from './tasks.ts';

/** A worker's own side of the wire: `self` in a worker, a MessagePort in tests. */
export interface TaskScope {
  onmessage: ((event: MessageEvent<TaskMessage>) => void) | null;
  postMessage(reply: TaskReply<SceneTaskName>, transfer: ArrayBuffer[]): void;
}

/** Answers every task that arrives; cancelling is done from outside, by ending the worker. */
export function serveSceneTasks(scope: TaskScope): void {
  const job: JobOptions = { onProgress: (progress) => scope.postMessage({ kind: 'progress', progress }, []) };
  scope.onmessage = async ({ data }) => {
    try {
      if (data.task === 'parse') {
        const scene = await parse(data.request, job);
        scope.postMessage({ kind: 'done', answer: scene }, sceneTransferables(scene));
      } else {
        const bytes = await encodeScene(data.request.scene, data.request.format, job);
        scope.postMessage({ kind: 'done', answer: bytes }, [bytes.buffer as ArrayBuffer]);
      }
    } catch (error) {
      const { code, message, advice } = toSplatError(error, 'invalid-file', 'The scene could not be processed');
      scope.postMessage({ kind: 'failed', code, message, advice }, []);
    }
  };
}

function parse({ file, name, siblings }: SceneTasks['parse']['request'], job: JobOptions): Promise<SplatScene> {
  const source = sourceOf(name, file);
  if (siblings === undefined) return readScene(source, job);
  const sibling = (path: string): Promise<SceneSource> => {
    if (!Object.hasOwn(siblings, path)) throw new SplatError('io', `${name} needs the file ${path}, which was not opened with it.`, 'Open the whole folder.');
    return Promise.resolve(sourceOf(path, siblings[path]));
  };
  return readScene({ ...source, sibling }, job);
}

function sourceOf(name: string, file: SceneFile): SceneSource {
  return file instanceof Blob ? sourceFromBlob(name, file) : sourceFromBytes(name, new Uint8Array(file));
}
