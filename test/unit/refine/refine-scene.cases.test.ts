import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../electron/models/open-model.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { SCENE_ARRAYS, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import type { RefineModel } from '../../../renderer/refine/model.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { dataBytes } from '../../test-data.ts';

const open = (name: string): Promise<SplatScene> => readScene(sourceFromBytes(name, dataBytes(`cases/${name}`)));

describe('inputs as people have them', () => {
  const backend = createNodeBackend({ threads: 1 });
  let model: RefineModel;
  beforeAll(async () => {
    model = await openModel();
  });

  it.each([1, 2, 300])('%i equal splats come out as they went in', async (count) => {
    const all = await open('same_300.ply');
    const scene = keepRows(
      all,
      Uint8Array.from({ length: all.count }, (_, i) => (i < count ? 1 : 0)),
    );
    const { scene: refined } = await refineScene(scene, model, backend);
    for (const name of SCENE_ARRAYS) expect(refined[name], name).toEqual(scene[name]);
  });

  it('labels go through, and so does the origin of places in double precision', async () => {
    const labels = await open('labels.ply');
    const refined = await refineScene(labels, model, backend);
    expect(refined.scene.extra).toEqual(labels.extra);
    const utm = await open('utm_double.ply');
    expect((await refineScene(utm, model, backend)).scene.meta.origin).toEqual(utm.meta.origin);
  });
});
