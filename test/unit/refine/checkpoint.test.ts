import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bfloatToFloat, halfToFloat, readCheckpoint } from '../../../renderer/refine/checkpoint.ts';
import { loadModel } from '../../../renderer/refine/model.ts';
import { readPickle } from '../../../renderer/refine/pickle.ts';
import { hashedTensor } from '../../parity/refine/hashed-weights.ts';
import { tinyModel } from '../../parity/refine/scenes.ts';

const shared = fileURLToPath(new URL('../../../../shared/', import.meta.url));
const present = existsSync(`${shared}parity/small/ckpt.pth`);
const pickle = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe('pickle', () => {
  it('refuses anything that would run code', () => {
    for (const hostile of [
      '\x80\x02cos\nsystem\n(X\x04\x00\x00\x00echotR.',
      '\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.',
      '\x80\x02ctorch\nload\n.',
      '(cnt\nsystem\no.',
      "(S'ls'\nios\nsystem\n.",
    ]) {
      expect(() => readPickle(pickle(hostile))).toThrow(/refused|does not need/);
    }
  });

  it('refuses damaged programs with a name', () => {
    for (const damaged of [
      '',
      '\x80\x02',
      '\x80\x02.',
      'h\x05.',
      't.',
      'X\xff\xff\xff\xff',
      '}K\x01a.',
      '(K\x01u.',
      '\x80\x09N.',
    ]) {
      expect(() => readPickle(pickle(damaged))).toThrow(
        expect.objectContaining({ code: 'model-invalid', advice: expect.stringContaining('Get the file anew') }),
      );
    }
  });
});

describe('number formats', () => {
  it('decodes float16 and bfloat16', () => {
    expect([0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000].map(halfToFloat)).toEqual([
      1,
      -2,
      2 ** -24,
      65504,
      Infinity,
      -0,
    ]);
    expect([0x3f80, 0xc000, 0x7f80].map(bfloatToFloat)).toEqual([1, -2, Infinity]);
  });
});

describe('models', () => {
  it('take what is seen of the splats at SH degrees 0 and 1 only', () => {
    expect(tinyModel(1, { sight: true }, true).manifest.sight).toBe(true);
    for (const degree of [2, 3] as const)
      expect(() => tinyModel(degree, { sight: true }, true)).toThrow(`"sight" of a model of SH degree ${degree}`);
  });
});

describe.skipIf(!present)('checkpoints in ../shared (skipped where absent)', () => {
  it.each([
    ['parity/small/ckpt', 23, 1],
    ['parity/anchor/ckpt', 59, 3],
    ['weights/first', 23, 1],
  ])('%s loads', (path, inputs, copies) => {
    const { manifest } = loadModel(
      readFileSync(`${shared}${path}.pth`),
      JSON.parse(readFileSync(`${shared}${path}.json`, 'utf8')),
      'test',
    );
    expect(manifest).toMatchObject({ inputs, copies });
  });

  it('first.pth has the parameters its notes say', () => {
    const { manifest } = loadModel(
      readFileSync(`${shared}weights/first.pth`),
      JSON.parse(readFileSync(`${shared}weights/first.json`, 'utf8')),
      'test',
    );
    expect(manifest.parameters).toBe(2_740_663);
  });

  it('anchor weights are the hashed recipe, number for number', () => {
    const tensors = readCheckpoint(readFileSync(`${shared}parity/anchor/ckpt.pth`));
    const name = 'backbone.backbone.enc.enc1.block0.attn.qkv.weight';
    const tensor = tensors.get(name);
    const seeds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter(
      (seed) => hashedTensor(name, tensor?.shape ?? [], seed).read()[5] === tensor?.read()[5],
    );
    expect(seeds).toHaveLength(1);
    expect(tensor?.read()).toEqual(hashedTensor(name, tensor?.shape ?? [], seeds[0]).read());
  });

  it('says what is missing', () => {
    const bytes = readFileSync(`${shared}parity/small/ckpt.pth`);
    const sidecar = JSON.parse(readFileSync(`${shared}parity/small/ckpt.json`, 'utf8')) as Record<string, unknown>;
    expect(() => loadModel(bytes, null, 'x')).toThrow(/not the published ones/);
    expect(() => loadModel(bytes, { ...sidecar, patchSize: undefined }, 'x')).toThrow(/patchSize/);
    expect(() => loadModel(bytes, { ...sidecar, encoderHeads: [3, 2, 2, 4, 4] }, 'x')).toThrow(/do not divide/);
    expect(() => loadModel(bytes, { ...sidecar, kind: 'anchorsplat' }, 'x')).toThrow(/says kind anchorsplat/);
    for (const end of [10, 5000, bytes.length - 30])
      expect(() => loadModel(bytes.subarray(0, end), sidecar, 'x')).toThrow(
        expect.objectContaining({ code: 'model-invalid' }),
      );
  });
});
