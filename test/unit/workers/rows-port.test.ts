import { expect, it } from 'vitest';
import { rowRange } from '../../../renderer/core/splat-scene.ts';
import { levelRows, makeLevels } from '../../../renderer/edit/make-levels.ts';
import { rowsFromPort, serveRows } from '../../../renderer/workers/rows-port.ts';
import { randomScene } from '../io/fixtures.ts';

it('gives the rows that are asked for, and levels are made of them as of the scene itself', async () => {
  const scene = randomScene(300, 2);
  const { port1, port2 } = serveRows((rows) => levelRows(scene, rows));
  const rows = rowsFromPort(port2);
  const [one, other] = await Promise.all([rows(Uint32Array.of(7)), rows(Uint32Array.of(9, 7))]);
  expect(one.positions).toEqual(rowRange(scene, 7, 1).positions);
  expect(other.shRest.subarray(9)).toEqual(scene.shRest.subarray(24 * 7, 24 * 7 + 9));
  const { positions, shDegree, meta } = scene;
  const here = (wanted: Uint32Array) => Promise.resolve(levelRows(scene, wanted));
  const [far, near] = await Promise.all([rows, here].map((r) => makeLevels({ positions, shDegree, meta, rows: r })));
  expect(far).toEqual(near);
  port1.close();
});
