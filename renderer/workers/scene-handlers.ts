import { SplatError, toSplatError } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { sceneTransferables } from '../core/splat-scene.ts';
import { decimateScene, mergedAway } from '../edit/decimate.ts';
import { findFloaters } from '../edit/floaters.ts';
import { makeLevels } from '../edit/make-levels.ts';
import { wholeContent } from '../io/file-content.ts';
import type { SceneSource } from '../io/read-scene.ts';
import { meantName } from '../io/meant-name.ts';
import { readScene, sourceFromBlob, sourceFromBytes } from '../io/read-scene.ts';
import type { ReadOptions } from '../io/source.ts';
import { encodeScene } from '../io/write-scene.ts';
import { describeCheckpoint, loadModel } from '../refine/model.ts';
import { findRegion } from '../refine/region.ts';
import { findVeil } from '../refine/veil.ts';
import { sourceFromPort } from './file-port.ts';
import { rowsFromPort } from './rows-port.ts';
import type { SceneFile, SceneTaskName, SceneTasks, TaskMessage, TaskReply } from './tasks.ts';

/** A worker's own side of the wire: `self` in a worker, a MessagePort in tests. */
export interface TaskScope {
  onmessage: ((event: MessageEvent<TaskMessage>) => void) | null;
  postMessage(reply: TaskReply<SceneTaskName>, transfer: ArrayBuffer[]): void;
}

/** Answers every task that arrives; cancelling is done from outside, by ending the worker. */
export function serveSceneTasks(scope: TaskScope): void {
  const job: JobOptions = { onProgress: (progress) => scope.postMessage({ kind: 'progress', progress }, []) };
  const onPreview = (preview: SplatScene): void =>
    scope.postMessage({ kind: 'preview', preview }, sceneTransferables(preview));
  const answerTo = async (message: TaskMessage): Promise<void> => {
    try {
      const { answer, transfer } = await run(message, { ...job, onPreview });
      scope.postMessage({ kind: 'done', answer }, transfer);
    } catch (error) {
      const failure = toSplatError(error, 'invalid-file', 'The file could not be processed').toRecord();
      scope.postMessage({ kind: 'failed', failure }, []);
    }
  };
  scope.onmessage = ({ data }) => void answerTo(data);
}

type PreviewingJob = JobOptions & Pick<ReadOptions, 'onPreview'>;

interface Outcome {
  readonly answer: SceneTasks[SceneTaskName]['answer'];
  readonly transfer: ArrayBuffer[];
}

async function run(message: TaskMessage, { onPreview, ...job }: PreviewingJob): Promise<Outcome> {
  switch (message.task) {
    case 'parse': {
      const { hasPreview } = message.request;
      const scene = await parse(message.request, hasPreview ? { ...job, onPreview } : job);
      return { answer: scene, transfer: sceneTransferables(scene) };
    }
    case 'encode': {
      const { scene, format, ...options } = message.request;
      const { content, ...encoded } = await encodeScene(scene, format, { ...job, ...options });
      const answer = { ...encoded, bytes: await wholeContent(content) };
      const files = [answer, ...(encoded.beside ?? [])];
      return { answer, transfer: files.map(({ bytes }) => bytes.buffer as ArrayBuffer) };
    }
    case 'decimate': {
      const { scene, targetCount } = message.request;
      const merged = await decimateScene(scene, targetCount, job);
      const gone = mergedAway(scene, merged);
      return { answer: { scene: merged, gone }, transfer: [...sceneTransferables(merged), gone.buffer as ArrayBuffer] };
    }
    case 'floaters': {
      const mask = findFloaters(message.request.scene, message.request.options, job);
      return { answer: mask, transfer: [mask.buffer as ArrayBuffer] };
    }
    case 'veil': {
      const { scene, options } = message.request;
      const mask = await findVeil(scene, options, reporter(job, 'Looking from where no camera stood'));
      return { answer: mask, transfer: [mask.buffer as ArrayBuffer] };
    }
    case 'region': {
      return { answer: await findRegion(message.request.scene, reporter(job, 'region')), transfer: [] };
    }
    case 'levels': {
      const { port, ...scene } = message.request;
      const levels = await makeLevels({ ...scene, rows: rowsFromPort(port) }, job);
      const others = [levels.slots, levels.order].map(({ buffer }) => buffer as ArrayBuffer);
      return { answer: levels, transfer: [...sceneTransferables(levels.scene), ...others] };
    }
    case 'describeModel': {
      const { bytes, sidecar, name } = message.request;
      return { answer: describeCheckpoint(bytes, sidecar, name), transfer: [] };
    }
    case 'loadModel': {
      const { bytes, sidecar, name } = message.request;
      const model = loadModel(bytes, sidecar, name);
      const parts = [...Object.values(model.graphs), model.weights];
      return { answer: model, transfer: parts.map(({ buffer }) => buffer as ArrayBuffer) };
    }
  }
}

function reporter({ onProgress }: JobOptions, stage: string): (fraction: number) => Promise<void> {
  return (fraction) => {
    onProgress?.({ stage, fraction });
    return Promise.resolve();
  };
}

function parse(
  { file, name, siblings, mostArrayBytes }: SceneTasks['parse']['request'],
  job: PreviewingJob,
): Promise<SplatScene> {
  const source = sourceOf(name, file);
  const options = { ...job, mostArrayBytes };
  if (siblings === undefined) return readScene(source, options);
  const meant = (path: string): string | undefined => meantName(path, Object.keys(siblings));
  const sibling = (path: string): Promise<SceneSource> => {
    const beside = meant(path);
    if (beside === undefined)
      throw new SplatError(
        'io',
        `${name} needs the file ${path}, which was not opened with it.`,
        'Open the whole folder.',
      );
    return Promise.resolve(sourceOf(path, siblings[beside]));
  };
  const hasSibling = (path: string): Promise<boolean> => Promise.resolve(meant(path) !== undefined);
  return readScene({ ...source, sibling, hasSibling }, options);
}

function sourceOf(name: string, file: SceneFile): SceneSource {
  if (file instanceof Blob) return sourceFromBlob(name, file);
  return file instanceof ArrayBuffer ? sourceFromBytes(name, new Uint8Array(file)) : sourceFromPort(name, file);
}
