import { expect, it } from 'vitest';
import { estimateUp } from '../../../renderer/core/estimate-up.ts';
import { createScene, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { UP_AXES, UP_DIRECTIONS, type UpAxis } from '../../../renderer/core/up-axes.ts';
import { toCanonicalFrame } from '../../../renderer/refine/canonical-frame.ts';
import { readData } from '../io/fixtures.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';

const META = { antialiased: false, up: 'z', upIsGuessed: true, format: 'inria-ply', name: 'a.ply' } as const;

/** The turn that takes z to an axis, as one that takes another to z. */
const LIE: Record<UpAxis, UpAxis> = { x: '-x', '-x': 'x', y: '-y', '-y': 'y', z: 'z', '-z': '-z' };

/** The scene, whose z is up, lying so that an axis is. */
function lying(scene: SplatScene, up: UpAxis): SplatScene {
  return { ...toCanonicalFrame(scene, LIE[up]), meta: scene.meta };
}

function withStrays(scene: SplatScene, count: number, distance: number): SplatScene {
  const rows = Uint8Array.from({ length: scene.count }, () => 1);
  const copy = keepRows(scene, rows);
  const positions = copy.positions.slice();
  for (let k = 0; k < count; k++)
    positions.set([distance * Math.sin(k), distance * Math.cos(k), distance], 3 * k * Math.floor(scene.count / count));
  return { ...copy, positions };
}

it('finds what is up in a scan of a lone ball, whichever way it lies and whatever strays there are', async () => {
  const scan = await readData('scan/scene.ply');
  for (const axis of UP_AXES) {
    const estimate = estimateUp(lying(scan, axis));
    expect(estimate).toMatchObject({ axis, evidence: 'colours' });
    expect(estimate?.likelihood).toBeGreaterThan(0.8);
  }
  for (const [count, distance] of [
    [1, 10],
    [2, 10_000],
    [30, 100],
  ])
    expect(estimateUp(withStrays(scan, count, distance))?.axis).toBe('z');
});

it('finds the ground that things stand on, without harmonics', async () => {
  const scene = await readData('scenes/spz-frames/v3_says_rdf.spz');
  expect(estimateUp(scene)).toMatchObject({ axis: '-y', evidence: 'shape' });
  expect(estimateUp(scene)?.likelihood).toBeGreaterThan(0.8);
});

it('is not sure of a ball in empty space', () => {
  const ball = createScene(2000, 0, META);
  for (let i = 0; i < ball.count; i++) {
    const z = 1 - (2 * i + 1) / ball.count;
    const angle = i * Math.PI * (3 - Math.sqrt(5));
    const level = Math.sqrt(1 - z * z);
    ball.positions.set([level * Math.cos(angle), level * Math.sin(angle), z], 3 * i);
    ball.quats[4 * i] = 1;
  }
  ball.logScales.fill(-3);
  ball.logitOpacities.fill(3);
  expect(estimateUp(ball)?.likelihood).toBeLessThan(0.5);
});

it('tells nothing of too few splats, or of splats in one place', () => {
  expect(estimateUp(createScene(0, 0, META))).toBeUndefined();
  const same = createScene(300, 0, META);
  same.quats.fill(0.5);
  same.logitOpacities.fill(3);
  expect(estimateUp(same)).toBeUndefined();
  expect(Object.keys(UP_DIRECTIONS)).toEqual([...UP_AXES]);
});
