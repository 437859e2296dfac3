import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../electron/models/open-model.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { arrayWidth, SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import type { RefineModel } from '../../../renderer/refine/model.ts';
import type { RefineResult } from '../../../renderer/refine/refine-scene.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { chooseRegion, findRegion } from '../../../renderer/refine/region.ts';
import { ballInRoom, madeScene, onSphere } from './made-scenes.ts';

/** Rows [from, to) of one array, as bits. */
function bits(scene: SplatScene, name: (typeof SCENE_ARRAYS)[number], from: number, to: number): Uint8Array {
  const width = arrayWidth(name, scene.shDegree);
  return new Uint8Array(scene[name].slice(from * width, to * width).buffer);
}

describe('what of a scene is refined', () => {
  const backend = createNodeBackend({ threads: 1 });
  const object = { count: 400, place: onSphere([0, 0, 0], 1), size: 0.04 };
  let model: RefineModel;
  let alone: RefineResult;
  beforeAll(async () => {
    model = await openModel();
    alone = await refineScene(madeScene([object]), model, backend);
  });

  it.each([
    [1, 10, -3],
    [2, 1000, 8],
    [12, 10_000, 8],
  ])(
    '%i strays at %i radii pass byte for byte and change nothing about the rest',
    async (strays, radii, opacityLogit) => {
      const strewn = madeScene([object, { count: strays, place: onSphere([0, 0, 0], radii), size: 0.5, opacityLogit }]);
      const keep = Uint8Array.from({ length: strewn.count }, (_, row) => (row < 400 ? 1 : 0));
      const answer = await refineScene(strewn, model, backend);
      expect(keepRows(strewn, keep)).toEqual(madeScene([object]));
      expect(answer.report).toMatchObject({ splats: 400 + strays, refined: 400, isSurrounded: false, proof: null });
      expect(alone.report.residuals.scales?.maxAbsolute).toBeGreaterThan(0);
      expect(keepRows(answer.scene, keep)).toEqual(alone.scene);
      for (const name of SCENE_ARRAYS)
        expect(bits(answer.scene, name, 400, strewn.count)).toEqual(bits(strewn, name, 400, strewn.count));
    },
  );

  it('refines the subject of a room alone, and proves it; what stands around passes byte for byte', async () => {
    const room = ballInRoom([0.3, 0, 0]);
    const { scene, report } = await refineScene(room, model, backend);
    expect(report).toMatchObject({ refined: 2000, isSurrounded: true, proof: { evidence: 'sharpness' } });
    expect(report.proof?.psnrDb ?? Infinity).toBeGreaterThan(57);
    for (const name of SCENE_ARRAYS) expect(bits(scene, name, 2000, 4000)).toEqual(bits(room, name, 2000, 4000));
  });

  it('can be told without a model', async () => {
    const shares: number[] = [];
    const report = (share: number) => Promise.resolve(void shares.push(share));
    const room = ballInRoom([0.3, 0, 0]);
    const found = await findRegion(room, report);
    expect(found).toMatchObject({ isSurrounded: true, splats: 2000, drawn: 4000 });
    const refined = await refineScene(room, model, backend);
    expect(found.ball).toEqual(refined.report.region);
    expect(shares.length).toBeGreaterThan(5);
    expect(await findRegion(madeScene([object]), report)).toMatchObject({ isSurrounded: false, splats: 400 });
    const hidden = madeScene([object]);
    hidden.quats.fill(0);
    expect(await findRegion(hidden, report)).toEqual({ ball: null, isSurrounded: false, splats: 0, drawn: 0 });
  });

  it('takes a ball or all of it where that is asked for', async () => {
    const lone = madeScene([object]);
    const half = await refineScene(lone, model, backend, { region: { centre: [1, 0, 0], radius: 1 } });
    expect(half.report.isSurrounded).toBe(true);
    expect(half.report.refined).toBeGreaterThan(20);
    expect(half.report.refined).toBeLessThan(200);
    const whole = await refineScene(lone, model, backend, { region: 'all' });
    expect(whole.report).toMatchObject({ refined: 400, region: null, isSurrounded: false, proof: null });
    const nothing = refineScene(lone, model, backend, { region: { centre: [50, 0, 0], radius: 1 } });
    await expect(nothing).rejects.toMatchObject({ code: 'empty-scene' });
  });
});

const anywhere = (u: number, v: number, w: number): Vec3 => [u, v, w];

async function regionOf(scene: SplatScene) {
  const { manifest } = await openModel();
  const rows = Int32Array.from({ length: scene.count }, (_, row) => row);
  return chooseRegion(scene, rows, 'auto', manifest, () => Promise.resolve());
}

it.each([1, 2, 3, 10, 30])('%i splats are one object, whatever their sizes', async (count) => {
  for (const size of [0.01, 0.3, 1]) {
    const region = await regionOf(madeScene([{ count, place: anywhere, size }]));
    expect(region).toMatchObject({ ball: null, isSurrounded: false });
    expect(region.rows.length).toBe(count);
  }
});

it('splats of which most lie in one place are one object, and no ball without end is told', async () => {
  for (const others of [0, 200]) {
    const region = await regionOf(
      madeScene([
        { count: 300, place: () => [5, 5, 5], size: 0.1 },
        { count: others, place: onSphere([5, 5, 5], 1), size: 0.1 },
      ]),
    );
    expect(region).toMatchObject({ ball: null, isSurrounded: false });
    expect(region.rows.length).toBe(300 + others);
  }
});

it('a ball is told where it leaves splats out', async () => {
  const room = await regionOf(ballInRoom([0, 0, 0]));
  expect(room).toMatchObject({ isSurrounded: true, ball: { radius: expect.any(Number) as number } });
  const object = { count: 1000, place: onSphere([0, 0, 0], 0.5), size: 0.02 };
  const strewn = await regionOf(madeScene([object, { count: 2, place: onSphere([0, 0, 0], 100), size: 0.02 }]));
  expect(strewn).toMatchObject({ isSurrounded: false, ball: { radius: expect.any(Number) as number } });
  expect(strewn.rows.length).toBe(1000);
});

it('strays surround nothing, also where one of them fills every view', async () => {
  const object = { count: 1000, place: onSphere([0, 0, 0], 0.5), size: 0.02 };
  for (const size of [100, Math.exp(19)]) {
    const strewn = await regionOf(madeScene([object, { count: 5, place: onSphere([0, 0, 0], 5), size }]));
    expect(strewn.isSurrounded).toBe(false);
    expect(strewn.rows).toEqual(Int32Array.from({ length: 1000 }, (_, row) => row));
  }
});

it('what stands in a small room is a subject, however near the walls are', async () => {
  for (const walls of [1.5, 2]) {
    const room = madeScene([
      { count: 2000, place: onSphere([0, 0, 0], 0.5), size: 0.02 },
      { count: 1500, place: onSphere([0, 0, 0], walls), size: 0.15 },
      { count: 150, place: onSphere([0, 0, 0], 2.5 * walls), size: 0.6 },
    ]);
    const region = await regionOf(room);
    expect(region.isSurrounded).toBe(true);
    expect(region.rows).toEqual(Int32Array.from({ length: 2000 }, (_, row) => row));
  }
});

it('an object that is finer in one place than elsewhere is one object', async () => {
  const pot = { count: 2000, place: onSphere([0, 0, 0], 0.2), size: 0.01 };
  const leaves = { count: 3000, place: onSphere([0, 0, 0.3], 0.5), size: 0.04 };
  const plant = await regionOf(madeScene([pot, leaves]));
  expect(plant).toMatchObject({ isSurrounded: false, ball: null });
  expect(plant.rows.length).toBe(5000);
});
