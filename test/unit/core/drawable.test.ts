import { describe, expect, it } from 'vitest';
import { countUndrawable, drawableMask } from '../../../renderer/core/drawable.ts';
import { countMask, keepRows } from '../../../renderer/core/keep-rows.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { FILE_EXTENSIONS, WRITABLE_FORMATS } from '../../../renderer/core/writable-formats.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { encodeWhole, encodedSource } from '../../encoded-bytes.ts';
import { dataBytes } from '../../test-data.ts';
import { caseCamera, psnrOf } from '../../cases.ts';

const open = (name: string, bytes = dataBytes(`cases/${name}`)): Promise<SplatScene> =>
  readScene(sourceFromBytes(name, bytes));

describe('what is drawn', () => {
  it('rows of zeros are drawn nowhere, whatever format they go through', async () => {
    const [padded, base] = [await open('zero_rows.ply'), await open('base.ply')];
    expect(padded.count).toBe(1384);
    expect(countUndrawable(padded)).toBe(400);
    const right = renderReference(base, caseCamera(), [0, 0, 0]);
    for (const format of WRITABLE_FORMATS) {
      const encoded = await encodeWhole(padded, format);
      const { splats, notes } = encoded;
      // Pages are for people: what they show is tested where a browser is at hand.
      if (format === 'html') continue;
      const back = await readScene(await encodedSource(encoded, `a${FILE_EXTENSIONS[format]}`));
      expect(back.count, format).toBe(splats);
      expect(splats - countUndrawable(back), format).toBe(984);
      expect(notes, format).toEqual(format === 'inria-ply' ? [] : ["400 splats that can't be drawn were left out."]);
      const picture = renderReference(back, caseCamera(back.meta.up === 'y' ? 'spz' : 'ply'), [0, 0, 0]);
      expect(psnrOf(picture, right), format).toBeGreaterThan(35);
    }
  });

  it('giants that are not drawn are none in lossy formats either', async () => {
    const scene = await open('base.ply');
    scene.logScales.fill(25, 0, 3);
    for (const format of ['compressed-ply', 'spz'] as const)
      expect((await encodeWhole(scene, format)).splats, format).toBe(983);
  });

  it('broken numbers count as what they are', async () => {
    const scene = await open('nan.ply');
    const kept = keepRows(scene, drawableMask(scene));
    expect(kept.count + countUndrawable(scene)).toBe(984);
    expect(countMask(drawableMask(scene))).toBe(kept.count);
    for (const format of ['compressed-ply', 'spz'] as const) {
      const { bytes, splats } = await encodeWhole(scene, format);
      expect(splats, format).toBe(kept.count);
      expect((await open('a', bytes)).count, format).toBe(kept.count);
    }
  });

  it('an opacity of exactly one is opaque, and of exactly zero nothing', async () => {
    const scene = await open('base.ply');
    const opaque = { ...scene, logitOpacities: scene.logitOpacities.map(() => 30) };
    const infinite = { ...scene, logitOpacities: scene.logitOpacities.map(() => Infinity) };
    expect(renderReference(infinite, caseCamera(), [0, 0, 0])).toEqual(
      renderReference(opaque, caseCamera(), [0, 0, 0]),
    );
    const none = { ...scene, logitOpacities: scene.logitOpacities.map(() => -Infinity) };
    expect(renderReference(none, caseCamera(), [0, 0, 0]).every((value) => value === 0)).toBe(true);
  });
});
