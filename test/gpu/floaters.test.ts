import type { GraphicsDevice } from 'playcanvas';
import { beforeAll, describe, expect, it } from 'vitest';
import { findFloaters } from '../../renderer/edit/floaters.ts';
import { loadLibrary, toTable } from '../../renderer/io/library.ts';
import { randomScene } from '../unit/io/fixtures.ts';
import { openGpu } from './device.ts';

/** A PlayCanvas device on Dawn: what the library's voxel filters compute on. */
async function createDevice(): Promise<GraphicsDevice> {
  const { WebgpuGraphicsDevice } = await import('playcanvas');
  const canvas = {
    width: 4,
    height: 4,
    getContext: () => null,
    getBoundingClientRect: () => ({ width: 4, height: 4 }),
  };
  const device = new WebgpuGraphicsDevice(canvas, { antialias: false, depth: false, stencil: false });
  await device.createDevice();
  return device;
}

beforeAll(async () => {
  await import('playcanvas');
  // The engine looks for WebGPU on the window; loaded before there is one, it takes this for Node.
  Object.assign(globalThis, { window: { navigator: { gpu: openGpu() } } });
});

describe('floaters', () => {
  it('are those that splat-transform finds', async () => {
    const scene = randomScene(200, 0);
    scene.logScales.forEach((v, i, a) => (a[i] = v + 3.5));
    const lib = await loadLibrary();
    const table = toTable(lib, scene, new lib.Transform());
    table.addColumn(
      new lib.Column(
        'row',
        Float32Array.from({ length: scene.count }, (_, i) => i),
      ),
    );
    const kept = await lib.processDataTable(
      table,
      [{ kind: 'filterFloaters', voxelResolution: 1, opacityCutoff: 0.6 }],
      { createDevice },
    );
    const theirs = new Uint8Array(scene.count).fill(1);
    for (const row of kept.getColumnByName('row')?.data ?? []) theirs[row] = 0;
    const ours = findFloaters(scene, {
      kind: 'faint',
      voxelsPerRadius: 100,
      solidOpacity: 0.6,
      bounds: { centre: [0, 0, 0], radius: 100 },
    });
    expect(theirs.reduce((n, flag) => n + flag, 0)).toBeGreaterThan(10);
    expect([...ours]).toEqual([...theirs]);
  });
});
