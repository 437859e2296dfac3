import { describe, expect, it } from 'vitest';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';
import { SH_C0, shRestCount, SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { countUndrawable } from '../../../renderer/core/drawable.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { encodeScene } from '../../../renderer/io/write-scene.ts';
import { encodedBytes } from '../../encoded-bytes.ts';
import { bitsOf, randomScene } from './fixtures.ts';
import { dataBytes } from '../../test-data.ts';

const BASE = [
  'x',
  'y',
  'z',
  'nx',
  'ny',
  'nz',
  'f_dc_0',
  'f_dc_1',
  'f_dc_2',
  'opacity',
  'scale_0',
  'scale_1',
  'scale_2',
  'rot_0',
  'rot_1',
  'rot_2',
  'rot_3',
];
const BYTES: Readonly<Record<string, number>> = { float: 4, double: 8, uchar: 1 };

interface PlyColumn {
  readonly name: string;
  readonly type: 'float' | 'double' | 'uchar';
  readonly value: (row: number) => number;
}

function columnValue(scene: SplatScene, name: string, row: number): number {
  const coefficients = shRestCount(scene.shDegree);
  const at = { x: 0, y: 1, z: 2 }[name];
  if (at !== undefined) return scene.positions[row * 3 + at];
  const [, stem, digits] = /^(.*?)_?(\d*)$/.exec(name) ?? [];
  const k = Number(digits);
  if (stem === 'f_rest')
    return scene.shRest[row * coefficients * 3 + (k % coefficients) * 3 + Math.floor(k / coefficients)];
  if (stem === 'f_dc') return scene.shDc[row * 3 + k];
  if (stem === 'scale') return scene.logScales[row * 3 + k];
  if (stem === 'rot') return scene.quats[row * 4 + k];
  return name === 'opacity' ? scene.logitOpacities[row] : 0;
}

/** A PLY with the columns of a scene in any order and type, written independently of the product's writer. */
function buildPly(
  count: number,
  columns: readonly PlyColumn[],
  { littleEndian = true, before = '', bytesBefore = 0, comments = '' } = {},
): Uint8Array {
  const properties = columns.map((c) => `property ${c.type} ${c.name}\n`).join('');
  const format = `binary_${littleEndian ? 'little' : 'big'}_endian`;
  const header =
    `ply\nformat ${format} 1.0\n${comments}${before}` + `element vertex ${count}\n${properties}end_header\n`;
  const stride = columns.reduce((sum, c) => sum + BYTES[c.type], 0);
  const bytes = new Uint8Array(header.length + bytesBefore + stride * count);
  bytes.set(new TextEncoder().encode(header));
  const view = new DataView(bytes.buffer);
  let at = header.length + bytesBefore;
  for (let row = 0; row < count; row++) {
    for (const { type, value } of columns) {
      if (type === 'float') view.setFloat32(at, value(row), littleEndian);
      else if (type === 'double') view.setFloat64(at, value(row), littleEndian);
      else view.setUint8(at, value(row));
      at += BYTES[type];
    }
  }
  return bytes;
}

function columnsOf(scene: SplatScene): PlyColumn[] {
  const rest = Array.from({ length: shRestCount(scene.shDegree) * 3 }, (_, k) => `f_rest_${k}`);
  return [...BASE, ...rest].map((name) => ({ name, type: 'float', value: (row) => columnValue(scene, name, row) }));
}

function expectSameBits(actual: SplatScene, expected: SplatScene): void {
  expect(actual.count).toBe(expected.count);
  expect(actual.shDegree).toBe(expected.shDegree);
  for (const name of SCENE_ARRAYS) expect(Buffer.compare(bitsOf(actual[name]), bitsOf(expected[name])), name).toBe(0);
}

const read = (bytes: Uint8Array, name = 'test.ply'): Promise<SplatScene> => readScene(sourceFromBytes(name, bytes));

describe('INRIA PLY', () => {
  it.each([0, 1, 2, 3] as ShDegree[])('reads what another writer wrote, SH degree %d', async (degree) => {
    const scene = randomScene(50, degree, 7 + degree);
    expectSameBits(await read(buildPly(50, columnsOf(scene))), scene);
  });

  it.each([0, 1, 2, 3] as ShDegree[])(
    'round trip keeps every bit, NaN payloads included, SH degree %d',
    async (degree) => {
      const scene = randomScene(33, degree);
      for (const name of SCENE_ARRAYS) {
        if (scene[name].length === 0) continue;
        new Uint32Array(scene[name].buffer).set([0x7fc12345, 0xffa00001, 0x7f800000, 0x80000000, 0x00000001]);
      }
      const bytes = await encodedBytes(scene, 'inria-ply');
      const back = await read(bytes);
      expectSameBits(back, scene);
      expect(Buffer.compare(bytes, await encodedBytes(back, 'inria-ply'))).toBe(0);
    },
  );

  it('takes any property order, extra properties of other types, and elements before the splats', async () => {
    const scene = randomScene(20, 2);
    const shuffled = columnsOf(scene).reverse();
    const extra: PlyColumn = { name: 'red', type: 'uchar', value: () => 255 };
    const wide: PlyColumn = { name: 'confidence', type: 'double', value: () => 1 };
    expectSameBits(await read(buildPly(20, shuffled)), scene);
    expectSameBits(await read(buildPly(20, [wide, ...shuffled])), scene);
    expectSameBits(await read(buildPly(20, [extra, ...shuffled.slice(0, 9), wide, ...shuffled.slice(9)])), scene);
    const before = 'element camera 3\nproperty uchar id\nproperty float focal\n';
    expectSameBits(await read(buildPly(20, shuffled, { before, bytesBefore: 15 })), scene);
  });

  it('reads big-endian files and doubles', async () => {
    const scene = randomScene(20, 3);
    expectSameBits(await read(buildPly(20, columnsOf(scene), { littleEndian: false })), scene);
    const doubles = columnsOf(scene).map((c): PlyColumn => ({ ...c, type: 'double' }));
    expectSameBits(await read(buildPly(20, doubles)), scene);
    expectSameBits(await read(buildPly(20, doubles, { littleEndian: false })), scene);
  });

  it('leaves out the highest harmonics where their array would be too large, and says what the file has', async () => {
    const scene = randomScene(20, 3);
    const source = sourceFromBytes('a.ply', buildPly(20, columnsOf(scene)));
    const whole = await readScene(source, { mostArrayBytes: 20 * 45 * 4 });
    expectSameBits(whole, scene);
    expect(whole.meta.degreeInFile).toBeUndefined();
    const lower = await readScene(source, { mostArrayBytes: 20 * 45 * 4 - 1 });
    expect(lower.meta.degreeInFile).toBe(3);
    const shRest = scene.shRest.filter((_, i) => i % 45 < 24);
    expectSameBits(lower, { ...scene, shDegree: 2, shRest });
    expect((await readScene(source, { mostArrayBytes: 1 })).shDegree).toBe(0);
  });

  it('agrees with the library on a real file, bit for bit', async () => {
    const lib = await import('@playcanvas/splat-transform');
    const bytes = dataBytes('scenes/3dgs_sr_demo.ply');
    const files = new lib.MemoryReadFileSystem();
    files.set('a.ply', bytes);
    const [chunks] = await lib.readFile({ filename: 'a.ply', inputFormat: 'ply', fileSystem: files });
    const table = await lib.materializeToDataTable(chunks, lib.createChunkDataPool());
    const scene = await read(bytes);
    expect(table.numRows).toBe(scene.count);
    for (const column of columnsOf(scene).filter((c) => !c.name.startsWith('n'))) {
      const theirs = table.getColumnByName(column.name)?.data;
      let different = 0;
      for (let row = 0; row < scene.count; row++) if (!Object.is(theirs?.[row], column.value(row))) different++;
      expect(different, column.name).toBe(0);
    }
  });

  it('keeps the anti-aliased tag and the up axis through both PLY writers', async () => {
    for (const format of ['inria-ply', 'compressed-ply'] as const) {
      for (const up of ['y', '-y', 'z'] as const) {
        const scene = randomScene(300, 1);
        const bytes = await encodedBytes({ ...scene, meta: { ...scene.meta, antialiased: up === 'z', up } }, format);
        expect((await read(bytes)).meta).toMatchObject({ antialiased: up === 'z', up, format });
      }
    }
  });

  it.each([
    ['comment SplatRenderMode: mip\n', true, '-y'],
    ['comment antialiased 1\n', true, '-y'],
    ['comment antialiased 0\ncomment Vertical Axis: z\n', false, 'z'],
    ['comment Vertical axis: 0 1 0\n', false, 'y'],
    ['comment Vertical axis: y\n', false, '-y'],
  ])('understands %j', async (comments, antialiased, up) => {
    const bytes = buildPly(2, columnsOf(randomScene(2, 0)), { comments });
    expect((await read(bytes)).meta).toMatchObject({ antialiased, up });
  });

  it('starts with the three lines that fixed-record readers count on', async () => {
    const scene = randomScene(5, 3);
    const bytes = await encodedBytes({ ...scene, meta: { ...scene.meta, antialiased: true } }, 'inria-ply');
    const lines = new TextDecoder('latin1').decode(bytes).split('\n');
    expect(lines.slice(0, 3)).toEqual(['ply', 'format binary_little_endian 1.0', 'element vertex 5']);
    expect(lines.indexOf('end_header')).toBe(3 + 62 + 2);
  });

  it('cancels between chunks and reports progress to the end', async () => {
    const bytes = await encodedBytes(randomScene(40000, 0), 'inria-ply');
    const fractions: number[] = [];
    await readScene(sourceFromBytes('a.ply', bytes), { onProgress: (p) => fractions.push(p.fraction) });
    expect(fractions.length).toBeGreaterThan(2);
    expect(fractions.at(-1)).toBe(1);
    const abort = new AbortController();
    const seen: number[] = [];
    const job = readScene(sourceFromBytes('a.ply', bytes), {
      signal: abort.signal,
      onProgress: (p) => (seen.push(p.fraction), abort.abort()),
    });
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen.length).toBe(1);
  });
});

describe('INRIA PLY that lies', () => {
  const scene = randomScene(10, 1);
  const text = (s: string): Uint8Array => new TextEncoder().encode(s);
  const recount = (bytes: Uint8Array, count: string): Uint8Array => {
    const body = new TextDecoder('latin1').decode(bytes).replace('element vertex 10', `element vertex ${count}`);
    return Uint8Array.from(body, (c) => c.charCodeAt(0));
  };

  it.each([
    ['11', 'truncated-file'],
    ['99999999999', 'truncated-file'],
    ['4294967296', 'truncated-file'],
    ['3', 'invalid-file'],
    ['0', 'empty-scene'],
    ['-1', 'invalid-file'],
    ['1e3', 'invalid-file'],
    ['99999999999999999999999', 'invalid-file'],
  ])('a count of %s is %s', async (count, code) => {
    await expect(read(recount(await encodedBytes(scene, 'inria-ply'), count))).rejects.toMatchObject({
      name: 'SplatError',
      code,
    });
  });

  it('takes plain colours in the place of coefficients, of bytes and of shares', async () => {
    const colours = ['red', 'green', 'blue'];
    const coloured = (type: 'uchar' | 'float', most: number): PlyColumn[] => [
      ...columnsOf(randomScene(10, 0)).filter(({ name }) => !name.startsWith('f_dc_')),
      ...colours.map((name, k) => ({ name, type, value: (row: number) => (most * (row + k)) / 15 })),
    ];
    for (const [type, most] of [
      ['uchar', 255],
      ['float', 1],
    ] as const) {
      const back = await read(buildPly(10, coloured(type, most)));
      const shares = Array.from(back.shDc, (coefficient) => 0.5 + SH_C0 * coefficient);
      shares.forEach((share, i) => expect(share).toBeCloseTo((Math.floor(i / 3) + (i % 3)) / 15, 5));
      expect(back.extra).toBeUndefined();
    }
    await expect(read(buildPly(10, coloured('uchar', 255).slice(0, -1)))).rejects.toMatchObject({
      code: 'invalid-file',
    });
  });

  it('reads harmonics of degree 4 without the highest, and says so in what is written', async () => {
    const third = randomScene(10, 3, 5);
    // Red, green and blue lie one after the other, 24 coefficients each.
    const rest = Array.from({ length: 72 }, (_, i): PlyColumn => {
      const [c, k] = [Math.floor(i / 24), i % 24];
      const value = (row: number): number => (k < 15 ? third.shRest[row * 45 + k * 3 + c] : 7);
      return { name: `f_rest_${i}`, type: 'float', value };
    });
    const columns = [...columnsOf(third).filter(({ name }) => !name.startsWith('f_rest_')), ...rest];
    const back = await read(buildPly(10, columns));
    expectSameBits(back, third);
    expect(back.meta.degreeInFile).toBe(4);
    expect(back.extra).toBeUndefined();
    for (const format of ['inria-ply', 'spz'] as const)
      expect((await encodeScene(back, format)).notes).toEqual([
        'Harmonics of degree 4, which test.ply holds, are left out beyond degree 3.',
      ]);
  });

  it('names the anchors of Scaffold-GS', async () => {
    const anchors = columnsOf(randomScene(10, 0))
      .filter(({ name }) => !name.startsWith('f_dc_'))
      .concat({ name: 'f_anchor_feat_0', type: 'float', value: () => 1 });
    await expect(read(buildPly(10, anchors))).rejects.toMatchObject({
      code: 'unsupported-feature',
      message: expect.stringContaining('anchors of Scaffold-GS') as string,
    });
  });

  it('names each kind of trouble', async () => {
    const good = await encodedBytes(scene, 'inria-ply');
    const columns = columnsOf(scene);
    const cases: readonly (readonly [Uint8Array, string])[] = [
      [new Uint8Array(0), 'empty-scene'],
      [good.subarray(0, 100), 'truncated-file'],
      [good.subarray(0, good.length - 1), 'truncated-file'],
      [text('hello'), 'unknown-format'],
      [
        text(
          'ply\nformat binary_little_endian 1.0\nelement face 0\nproperty list uchar int vertex_indices\nend_header\n',
        ),
        'invalid-file',
      ],
      [
        text('ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty list uchar int a\nend_header\n'),
        'unsupported-feature',
      ],
      [text('ply\nformat sideways 1.0\nend_header\n'), 'invalid-file'],
      [text('ply\nelement vertex 1\nproperty float constructor\nend_header\n'), 'invalid-file'],
      [
        text('ply\nformat binary_little_endian 1.0\nelement vertex 1\nproperty constructor x\nend_header\n'),
        'invalid-file',
      ],
      [
        buildPly(
          10,
          columns.filter((c) => c.name !== 'rot_3'),
        ),
        'invalid-file',
      ],
      [
        buildPly(
          10,
          columns.filter((c) => c.name !== 'f_rest_8'),
        ),
        'unsupported-feature',
      ],
      [buildPly(10, [...columns, columns[0]]), 'invalid-file'],
      [
        buildPly(
          10,
          columns.map((c) => ({ ...c, value: () => NaN })),
        ),
        'invalid-file',
      ],
    ];
    for (const [bytes, code] of cases)
      await expect(read(bytes), code).rejects.toMatchObject({ name: 'SplatError', code });
  });

  it('keeps and counts invalid splats among good ones', async () => {
    const bad = randomScene(10, 1);
    bad.positions[4] = NaN;
    bad.shRest[9 * 3] = Infinity;
    bad.logitOpacities[9] = -Infinity;
    const back = await read(await encodedBytes(bad, 'inria-ply'));
    // An opacity of exactly zero is a number that can be drawn, as nothing.
    expect(countUndrawable(back)).toBe(2);
    expectSameBits(back, bad);
  });
});

describe('ASCII PLY', () => {
  const scene = randomScene(20_000, 1, 11);
  const names = [
    'f_rest_4',
    ...BASE,
    ...Array.from({ length: 9 }, (_, k) => `f_rest_${k}`).filter((name) => name !== 'f_rest_4'),
  ];
  const header = (count: number, elements = ''): string =>
    `ply\nformat ascii 1.0\ncomment Vertical axis: z\n${elements}element vertex ${count}\n` +
    names.map((name) => `property double ${name}\n`).join('');
  const row = (i: number): string => names.map((name) => String(columnValue(scene, name, i))).join(' ');
  const rows = Array.from({ length: scene.count }, (_, i) => row(i));
  const open = (content: string): Promise<SplatScene> =>
    readScene(sourceFromBytes('a.ply', new TextEncoder().encode(content)));

  it('gives every float back, over many chunks, in any order of properties', async () => {
    const read = await open(`${header(scene.count)}end_header\n${rows.join('\n')}\n`);
    for (const key of SCENE_ARRAYS) expect(Buffer.compare(bitsOf(read[key]), bitsOf(scene[key]))).toBe(0);
    expect(read.meta).toMatchObject({ up: 'z', upIsGuessed: false, format: 'inria-ply' });
  });

  it('passes over other elements, blank lines and CRLF', async () => {
    const face = 'element camera 2\nproperty float a\n';
    const faces = 'element face 1\nproperty list uchar int vertex_indices\nend_header\n';
    const content = `${header(3, face)}${faces}1\n2\n\n${rows.slice(0, 3).join('\r\n')}\r\n3 0 1 2`;
    const read = await open(content);
    expect(read.count).toBe(3);
    expect(read.positions).toEqual(scene.positions.subarray(0, 9));
  });

  it('knows the words for what has no digits', async () => {
    const odd = (word: string): string => `${rows[0]}\n${rows[1]?.replace(/^\S+/, word)}`;
    for (const [word, value] of [
      ['nan', NaN],
      ['-nan(ind)', NaN],
      ['inf', Infinity],
      ['-Infinity', -Infinity],
    ] as const) {
      expect((await open(`${header(2)}end_header\n${odd(word)}`)).shRest[9 + 1 * 3 + 1]).toBe(value);
    }
    await expect(open(`${header(2)}end_header\n${odd('zero')}`)).rejects.toMatchObject({ code: 'invalid-file' });
  });

  it('believes no count and no row that is not there', async () => {
    const body = rows.slice(0, 3).join('\n');
    await expect(open(`${header(2_000_000_000)}end_header\n${body}`)).rejects.toMatchObject({ code: 'truncated-file' });
    await expect(open(`${header(4)}end_header\n${body}\n`)).rejects.toMatchObject({ code: 'truncated-file' });
    await expect(open(`${header(3)}end_header\n${body.slice(0, -40)}`)).rejects.toMatchObject({
      code: 'truncated-file',
    });
    await expect(open(`${header(2)}end_header\n${body}`)).rejects.toMatchObject({ code: 'invalid-file' });
    await expect(open(`${header(3)}end_header\n${body.replace(' ', ' 1 ')}`)).rejects.toMatchObject({
      code: 'invalid-file',
    });
    await expect(open(`${header(3)}end_header\n${'1 '.repeat(2 << 20)}`)).rejects.toMatchObject({
      code: 'invalid-file',
    });
  });
});
