import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCameraFile } from '../../../renderer/core/camera-file.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { localCamera } from '../../../renderer/core/origin.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { SCENE_ARRAYS, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { caseCamera, psnrOf } from '../../cases.ts';
import { dataBytes, dataPath } from '../../test-data.ts';
import { encodeWhole } from '../../encoded-bytes.ts';

const open = (name: string, bytes = dataBytes(`cases/${name}`)): Promise<SplatScene> =>
  readScene(sourceFromBytes(name, bytes));
const picture = (scene: SplatScene): Float32Array => renderReference(scene, caseCamera(), [0, 0, 0]);
const reopened = async (scene: SplatScene, format: 'inria-ply' | 'compressed-ply' = 'inria-ply') =>
  open('again.ply', (await encodeWhole(scene, format)).bytes);

const FACES = 'element face 0\nproperty list uchar int vertex_indices\n';

describe('PLY as other programs write it', () => {
  it("CloudCompare's names open", async () => {
    const [scene, base] = [await open('cloudcompare.ply'), await open('base.ply')];
    for (const name of SCENE_ARRAYS) expect(scene[name], name).toEqual(base[name]);
  });

  it.each<readonly [string, (header: string) => string]>([
    ['tabs', (header) => header.replaceAll(' ', '\t')],
    ['runs of spaces', (header) => header.replaceAll('property float ', 'property  float   ')],
    ['spaces at the ends of lines', (header) => header.replace(/^((element|property).*)$/gm, '$1  ')],
    ['other names of types', (header) => header.replaceAll('float', 'float32')],
    ['notes of the program', (header) => header.replace('element', 'obj_info made elsewhere\nelement')],
    ['a comment before the format', (header) => header.replace('format', 'comment Gebäude 建物\nformat')],
    ['a comment about end_header', (header) => header.replace('element', 'comment the end_header comes\nelement')],
    ['a count with a zero before it', (header) => header.replace('984', '0984')],
    ['faces of which there are none', (header) => header.replace('element', `${FACES}element`)],
    ['no faces after the splats', (header) => header.replace('end_header', `${FACES}end_header`)],
  ])('a header with %s opens', async (_, dress) => {
    const bytes = Buffer.from(dataBytes('cases/base.ply'));
    const end = bytes.indexOf('end_header\n') + 'end_header\n'.length;
    const header = dress(bytes.subarray(0, end).toString('latin1'));
    const scene = await open('a.ply', new Uint8Array(Buffer.concat([Buffer.from(header), bytes.subarray(end)])));
    expect(scene.positions).toEqual((await open('base.ply')).positions);
    expect(scene.shDc).toEqual((await open('base.ply')).shDc);
  });

  it('2D Gaussian splatting opens as flat splats, and stays so', async () => {
    const scene = await open('2dgs.ply');
    expect(scene.count).toBe(984);
    for (let i = 0; i < 984; i++) {
      const [a, b, c] = scene.logScales.subarray(3 * i, 3 * i + 3);
      expect(c).toBeLessThan(Math.min(a, b) - 5);
      expect(Number.isFinite(c)).toBe(true);
    }
    expect(psnrOf(picture(scene), picture(await open('base.ply')))).toBeGreaterThan(20);
    expect((await reopened(scene)).logScales).toEqual(scene.logScales);
  });

  it("Mip-Splatting's filter is fused", async () => {
    const [scene, fused] = [await open('filter3d.ply'), await open('filter3d_fused.ply')];
    expect(psnrOf(picture(scene), picture(fused))).toBeGreaterThan(60);
    expect(scene.extra).toBeUndefined();
    expect(picture(await reopened(scene))).toEqual(picture(scene));
  });

  it('what is no splat scene is named for what it is', async () => {
    const ply = (properties: string, faces = ''): Promise<SplatScene> => {
      const text = `ply\nformat ascii 1.0\nelement vertex 1\n${properties}${faces}end_header\n0 0 0 1 2 3\n3 0 0 0\n`;
      return open('a.ply', new TextEncoder().encode(text));
    };
    const points = ['x', 'y', 'z', 'red', 'green', 'blue'].map((name) => `property float ${name}\n`).join('');
    await expect(ply(points)).rejects.toThrow(/it is a point cloud/);
    const faces = 'element face 1\nproperty list uchar int vertex_indices\n';
    await expect(ply(points, faces)).rejects.toThrow(/it is a mesh of triangles/);
  });
});

describe("a file's own columns", () => {
  it('are kept from PLY to PLY, through the removal of splats too', async () => {
    const scene = await open('labels.ply');
    const columns = scene.extra ?? [];
    expect(columns.map(({ name, type }) => `${type} ${name}`)).toEqual([
      'float nx',
      'float ny',
      'float nz',
      'uchar label',
      'float sem_0',
      'float confidence',
    ]);
    expect(new Set(columns[3].values).size).toBeGreaterThan(1);
    expect((await reopened(scene)).extra).toEqual(columns);
    const keep = Uint8Array.from({ length: scene.count }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const kept = await reopened(keepRows(scene, keep));
    expect(kept.extra?.[4].values).toEqual(columns[4].values.filter((_, i) => i % 3 === 0));
  });

  it('are said to be lost in other formats', async () => {
    const { notes } = await encodeWhole(await open('labels.ply'), 'spz');
    expect(notes).toEqual([
      'The columns nx, ny, nz, label, sem_0, confidence can only be kept in an uncompressed PLY.',
    ]);
  });

  it('other elements are left out, and said to be', async () => {
    const bytes = dataBytes('cases/base.ply');
    const text = new TextDecoder('latin1').decode(bytes);
    const end = text.indexOf('end_header\n');
    const elements = 'element intrinsic 3\nproperty float intrinsic\nelement face 0\nproperty list uchar int i\n';
    const head = new TextEncoder().encode(`${text.slice(0, end)}${elements}end_header\n`);
    const scene = await open('a.ply', Uint8Array.from([...head, ...bytes.subarray(end + 11), ...new Uint8Array(12)]));
    expect(scene.positions).toEqual((await open('base.ply')).positions);
    const notes = ['What a.ply holds beside its splats is left out: intrinsic.'];
    for (const format of ['inria-ply', 'splat'] as const)
      expect((await encodeWhole(scene, format)).notes).toEqual(notes);
  });

  it('normals of zero are none', async () => {
    expect((await open('base.ply')).extra).toBeUndefined();
  });
});

describe('places in double precision', () => {
  const camera = parseCameraFile(JSON.parse(readFileSync(dataPath('cases/utm_cam.json'), 'utf8')), 120, 90);

  it('are counted from an origin, and written back to a micrometre', async () => {
    const scene = await open('utm_double.ply');
    const origin = scene.meta.origin ?? [0, 0, 0];
    const base = await open('base.ply');
    // The scene is base.ply five times as large; its first splat tells where.
    const worst = (other: SplatScene): number => {
      let largest = 0;
      const place = (i: number): number => (other.meta.origin ?? [0, 0, 0])[i % 3] + other.positions[i];
      const shift = [0, 1, 2].map((k) => place(k) - 5 * base.positions[k]);
      for (let i = 0; i < base.positions.length; i++)
        largest = Math.max(largest, Math.abs(place(i) - shift[i % 3] - 5 * base.positions[i]));
      return largest;
    };
    expect(origin[1]).toBeGreaterThan(4.6e6);
    expect(worst(scene)).toBeLessThan(2e-6);
    expect(worst(await reopened(scene))).toBeLessThan(2e-6);
    const compressed = await reopened(scene, 'compressed-ply');
    expect(compressed.meta.origin).toEqual(origin);
    expect((await encodeWhole(scene, 'spz')).notes).toEqual([expect.stringMatching(/which SPZ can't hold/)]);
  });

  it('are drawn by cameras of the world', async () => {
    const scene = await open('utm_double.ply');
    const drawn = renderReference(scene, localCamera(camera, scene.meta.origin), [0, 0, 0]);
    const base = await open('base.ply');
    const at = scene.meta.origin ?? [0, 0, 0];
    const five: SplatScene = {
      ...base,
      positions: base.positions.map((v) => 5 * v),
      logScales: base.logScales.map((v) => v + Math.log(5)),
    };
    const shift = [0, 1, 2].map((k) => at[k] + scene.positions[k] - five.positions[k]);
    const right = renderReference(five, localCamera(camera, [shift[0], shift[1], shift[2]]), [0, 0, 0]);
    expect(right.some((value) => value > 0.5)).toBe(true);
    expect(psnrOf(drawn, right)).toBeGreaterThan(55);
  });
});
