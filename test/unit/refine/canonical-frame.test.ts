import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../electron/models/open-model.ts';
import { lookAtWorldToView } from '../../../renderer/core/camera-file.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { SCENE_ARRAYS, type SceneArray, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { UP_DIRECTIONS, type UpAxis } from '../../../renderer/core/up-axes.ts';
import { add, scale, type Vec3 } from '../../../renderer/core/vector.ts';
import { readScene } from '../../../renderer/io/read-scene.ts';
import { sourceFromBytes } from '../../../renderer/io/source.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import type { RefineModel } from '../../../renderer/refine/model.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { toCanonicalFrame } from '../../../renderer/refine/canonical-frame.ts';
import { cropPly } from '../../crop-ply.ts';
import { features, sceneOf, stride } from './random-features.ts';

const SAMPLE = readFileSync(resolve(import.meta.dirname, '../../../test/data/scenes/sample.ply'));
/** The turn that undoes the one of an axis. */
const INVERSE = { x: '-x', '-x': 'x', y: '-y', '-y': 'y', '-z': '-z' } as const;
/** What comes to lie along x. */
const SIDES: Record<UpAxis, Vec3> = {
  x: [0, 0, -1],
  '-x': [0, 0, 1],
  y: [1, 0, 0],
  '-y': [1, 0, 0],
  z: [1, 0, 0],
  '-z': [1, 0, 0],
};
const TURNED = ['x', '-x', 'y', '-y', '-z'] as const;

const mean = (values: Float32Array, of: (value: number, i: number) => number): number =>
  values.reduce((sum, value, i) => sum + of(value, i), 0) / values.length;

/**
 * Mean difference of an attribute. Rotations differ by the angle between their quaternions, of whatever length and
 * sign.
 */
function apart(a: SplatScene, b: SplatScene, name: SceneArray): number {
  if (name !== 'quats') return mean(a[name], (value, i) => Math.abs(value - b[name][i]));
  const row = ({ quats }: SplatScene, i: number) => [...quats.subarray(4 * i, 4 * i + 4)];
  return mean(a.logitOpacities, (_, i) => {
    const [p, q] = [row(a, i), row(b, i)];
    return Math.acos(
      Math.min(1, Math.abs(p.reduce((sum, value, k) => sum + value * q[k], 0)) / (Math.hypot(...p) * Math.hypot(...q))),
    );
  });
}

describe('canonical frame', () => {
  it.each(TURNED)('turns %s to z: positions, rotations and harmonics, so that pictures stay', (up) => {
    const values = features(300, (row) => (row % 7) / 7);
    for (let i = 0; i < values.length; i += stride)
      for (let k = 14; k < stride; k++) values[i + k] = Math.sin(i + k) / 2;
    const scene = sceneOf(values);
    const around = { ...scene, positions: scene.positions.map((p) => p - 0.5) };
    const from = (lying: SplatScene, axis: UpAxis) => {
      const worldToView = lookAtWorldToView({
        position: add(scale(SIDES[axis], 2.6), UP_DIRECTIONS[axis]),
        target: [0, 0, 0],
        up: UP_DIRECTIONS[axis],
        rollDegrees: 0,
      });
      return renderReference(
        lying,
        { worldToView, fx: 130, fy: 130, cx: 32, cy: 24, width: 64, height: 48 },
        [0, 0, 0],
      );
    };
    const [before, after] = [from(around, up), from(toCanonicalFrame(around, up), 'z')];
    expect(mean(before, Math.abs)).toBeGreaterThan(0.02);
    expect(Math.max(...before.map((value, i) => Math.abs(value - after[i])))).toBeLessThan(1e-4);
  });
});

describe('what is up in a refinement', () => {
  let model: RefineModel;
  let sample: SplatScene;
  const backend = createNodeBackend({ threads: 1 });
  beforeAll(async () => {
    model = await openModel();
    sample = await readScene(sourceFromBytes('sample.ply', cropPly(SAMPLE, 500)));
  });

  it.each(['-y', 'x', '-z'] as const)('makes no difference where it is told (%s)', async (up) => {
    const standing = await refineScene(sample, model, backend);
    const lying = { ...toCanonicalFrame(sample, INVERSE[up]), meta: { ...sample.meta, up } };
    const turned = await refineScene(lying, model, backend);
    expect(turned.report).toMatchObject({ up, upIsAssumed: false });
    const wrong = await refineScene(lying, model, backend, { up: 'z' });
    const difference = (scene: SplatScene) =>
      SCENE_ARRAYS.map(
        (name) => apart(toCanonicalFrame(scene, up), standing.scene, name) / apart(sample, standing.scene, name),
      );
    const [right, sideways] = [difference(turned.scene), difference(wrong.scene)];
    for (const share of right) expect(share).toBeLessThan(0.01);
    for (const share of sideways) expect(share).toBeGreaterThan(0.1);
  });

  it('is said to be assumed where nobody told', async () => {
    const { report } = await refineScene(
      { ...sample, meta: { ...sample.meta, up: '-y', upIsGuessed: true } },
      model,
      backend,
    );
    expect(report).toMatchObject({ upIsAssumed: true, upIsSure: false });
  });
});
