import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openModel } from '../../../../electron/models/open-model.ts';
import { PageRefiner } from '../../../../electron/batch/page-refiner.ts';
import { refinerOf } from '../../../../electron/jobs/refine-file.ts';
import type { SceneRefiner } from '../../../../electron/jobs/refine-file.ts';
import type { FromPage, ToPage } from '../../../../renderer/bridge/batch-messages.ts';
import type { SplatScene } from '../../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../../renderer/io/read-scene.ts';
import { createNodeBackend } from '../../../../renderer/refine/backend-node.ts';
import type { RefineModel } from '../../../../renderer/refine/model.ts';
import { cropPly } from '../../../crop-ply.ts';

const SAMPLE = readFileSync(resolve(import.meta.dirname, '../../../../test/data/scenes/sample.ply'));

let model: RefineModel;
let scene: SplatScene;
let native: SceneRefiner;
beforeAll(async () => {
  model = await openModel();
  scene = await readScene(sourceFromBytes('a.ply', cropPly(SAMPLE, 80)));
  native = refinerOf(model, createNodeBackend({ threads: 1 }));
});

let page: MessagePort;
let refiner: PageRefiner;
let models = 0;
/** What the page answers to a scene; a real refinement, or an injected fault. */
let answer: (request: Extract<ToPage, { kind: 'refine' }>) => Promise<FromPage | undefined>;

beforeEach(() => {
  const { port1, port2 } = new MessageChannel();
  page = port2;
  models = 0;
  page.on('message', (message: ToPage) => {
    if (message.kind === 'model') models += 1;
    else
      void answer(message).then((reply) => {
        if (reply !== undefined) page.postMessage(reply);
      });
  });
  refiner = new PageRefiner({
    send: (message) => port1.postMessage(message),
    onMessage: (listener) => port1.on('message', listener),
    onClose: (listener) => port1.on('close', listener),
  });
});
afterEach(() => page.close());

const never: SceneRefiner = () => Promise.reject(new Error('The process refined by itself.'));

describe('PageRefiner', () => {
  test('gives the page scene and model, the model once, and takes progress and answer back', async () => {
    answer = async ({ job, scene: given, strength }) => {
      const { scene: refined, report } = await native(given, {
        strength,
        onProgress: (progress) => page.postMessage({ kind: 'progress', job, progress } satisfies FromPage),
      });
      return { kind: 'done', job, scene: refined, report };
    };
    const stages: string[] = [];
    const refine = refiner.refinerOf(model, never);
    const far = await refine(scene, { strength: 0.5, onProgress: ({ stage }) => stages.push(stage) });
    const near = await native(scene, { strength: 0.5 });
    expect(far.scene.positions).toEqual(near.scene.positions);
    expect(far.report.splats).toBe(80);
    expect(stages).toContain('network');
    await refine(scene, {});
    expect(models).toBe(1);
  });

  test('falls back on the process for a card that fails, and for a page that goes away', async () => {
    answer = ({ job }) =>
      Promise.resolve({ kind: 'failed', job, failure: { code: 'gpu-lost', message: 'The GPU is lost.' } });
    const refine = refiner.refinerOf(model, native);
    expect((await refine(scene, {})).report.backend).toBe('cpu');
    answer = () => {
      page.close();
      return Promise.resolve(undefined);
    };
    expect((await refine(scene, {})).report.backend).toBe('cpu');
    expect((await refine(scene, {})).report.backend).toBe('cpu');
  });

  test('passes on what is the scene’s or the model’s fault', async () => {
    answer = ({ job }) =>
      Promise.resolve({ kind: 'failed', job, failure: { code: 'model-invalid', message: 'Not finite.' } });
    await expect(refiner.refinerOf(model, never)(scene, {})).rejects.toMatchObject({
      code: 'model-invalid',
      message: 'Not finite.',
    });
  });
});
