import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SCENE_ARRAYS, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import type { CheckpointTensor, TensorTable } from '../../../renderer/refine/checkpoint.ts';
import { publishedChannels } from '../../../renderer/refine/manifest.ts';
import { describeCheckpoint, loadModel, modelFromTensors } from '../../../renderer/refine/model.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { TINY_ANCHOR_SIDECAR, tinyAnchor } from '../../models/tiny-anchor.ts';
import { writeCheckpoint } from '../../models/write-checkpoint.ts';
import { hashedStateDict } from '../../models/hashed-weights.ts';
import { readParityPly } from './read-ply.ts';

const K = 20;
const backend = createNodeBackend();
afterAll(() => backend.dispose());

const sample = readParityPly(resolve(import.meta.dirname, '../../../test/data/scenes/sample.ply'));

/** A model of one copy, cut out of a model of many: rows of each head's last layer and of the embeddings. */
function oneCopy(tensors: TensorTable, copy: number): TensorTable {
  const cut = new Map<string, CheckpointTensor>();
  for (const [name, tensor] of tensors) {
    const isHead = /^features_outputhead\.\w+\.6\.(weight|bias)$/.test(name);
    if (!isHead && !name.startsWith('point_embeddings.')) cut.set(name, tensor);
    else {
      const shape = [tensor.shape[0] / K, ...tensor.shape.slice(1)];
      const size = shape.reduce((product, n) => product * n, 1);
      cut.set(name, { shape, read: () => tensor.read().slice(copy * size, (copy + 1) * size) });
    }
  }
  return cut;
}

/** Largest difference of two scenes' rows, `from` counted in the first. */
function largestDifference(many: SplatScene, one: SplatScene, from: number): number {
  let largest = 0;
  for (const key of SCENE_ARRAYS) {
    const width = one[key].length / one.count;
    for (let i = 0; i < one[key].length; i++)
      largest = Math.max(largest, Math.abs(many[key][from * width + i] - one[key][i]));
  }
  return largest;
}

describe('AnchorSplat with K = 20', () => {
  const tensors = tinyAnchor(K);

  it(
    'copy i is what a model of that copy alone answers, all copies one after another',
    { timeout: 120_000 },
    async () => {
      const model = loadModel(writeCheckpoint(tensors), TINY_ANCHOR_SIDECAR, 'tiny');
      const { scene, report } = await refineScene(sample, model, backend);
      expect(report.outputSplats).toBe(K * sample.count);
      expect(scene.shDegree).toBe(3);
      for (const copy of [0, 1, 7, K - 1]) {
        const alone = await refineScene(
          sample,
          modelFromTensors(oneCopy(tensors, copy), TINY_ANCHOR_SIDECAR, 'one'),
          backend,
        );
        expect(alone.report.outputSplats).toBe(sample.count);
        expect(largestDifference(scene, alone.scene, copy * sample.count)).toBeLessThan(1e-5);
      }
      // Copies differ, or the check above would say nothing.
      const first = await refineScene(
        sample,
        modelFromTensors(oneCopy(tensors, 0), TINY_ANCHOR_SIDECAR, 'one'),
        backend,
      );
      expect(largestDifference(scene, first.scene, 7 * sample.count)).toBeGreaterThan(1e-3);
    },
  );

  it('an answer that no memory holds is refused by name', async () => {
    const model = modelFromTensors(tensors, TINY_ANCHOR_SIDECAR, 'tiny');
    const huge = { ...model, manifest: { ...model.manifest, copies: 2 ** 40 } };
    await expect(refineScene(sample, huge, backend)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/^An answer of [\d,]+ splats needs more memory/),
    });
  });

  it('a file may wrap its tensors and prefix their names', () => {
    const model = loadModel(
      writeCheckpoint(tensors, { inStateDict: true, prefix: 'module.' }),
      TINY_ANCHOR_SIDECAR,
      'tiny',
    );
    const plain = loadModel(writeCheckpoint(tensors), TINY_ANCHOR_SIDECAR, 'tiny');
    expect(model.manifest).toEqual(plain.manifest);
    expect(Buffer.from(model.weights).equals(Buffer.from(plain.weights))).toBe(true);
  });

  it('the published widths need no description, and the shipped ones fit them', () => {
    const { encoder, decoder, encoderDepths, decoderDepths } = publishedChannels;
    for (const [copies, name] of [
      [1, 'anchorsplat-1x'],
      [K, 'anchorsplat-20x'],
    ] as const) {
      const file = writeCheckpoint(
        hashedStateDict({ encoder, decoder, encoderDepths, decoderDepths, shDegree: 3, copies }, 3),
      );
      // The published files have 192 and 193 million bytes.
      expect(Math.round(file.length / 1e6)).toBe(copies === 1 ? 192 : 193);
      const described = describeCheckpoint(
        file,
        JSON.parse(readFileSync(resolve(import.meta.dirname, `../../../models/${name}.json`), 'utf8')),
        name,
      );
      expect(described).toMatchObject({ copies, kind: 'anchorsplat', license: 'MIT', inputs: 59 });
      expect({ ...described, name: '' }).toEqual({ ...describeCheckpoint(file, null, name), name: '' });
    }
  });
});
