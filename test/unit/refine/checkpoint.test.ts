import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bfloatToFloat, halfToFloat, requireCheckpointSize } from '../../../renderer/refine/checkpoint.ts';
import { describeCheckpoint, loadModel } from '../../../renderer/refine/model.ts';
import { readPickle } from '../../../renderer/refine/pickle.ts';
import { timeCheck } from '../../../renderer/refine/time-limit.ts';
import { hashedTensor } from '../../models/hashed-weights.ts';
import { referenceSidecar, referenceTensors } from '../../models/reference-models.ts';
import { writeCheckpoint, writeSharedCheckpoint } from '../../models/write-checkpoint.ts';
import { tinyModel } from '../../parity/refine/scenes.ts';
import { dataPath } from '../../test-data.ts';

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

  it('refuses what describes more than any network has', () => {
    expect(() => readPickle(new Uint8Array(5 << 20))).toThrow('its list of tensors takes 5242880 bytes');
    expect(() => readPickle(pickle(`${'N'.repeat(500_001)}.`))).toThrow('it describes more than a network has');
    const storage = '((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tQ';
    const tensor = (rank: number): string => {
      const list = `(${'K\x01'.repeat(rank)}t`;
      return `ctorch._utils\n_rebuild_tensor_v2\n${storage}K\x00${list}${list}tR.`;
    };
    expect(readPickle(pickle(tensor(4)))).toMatchObject({ kind: 'tensor', shape: [1, 1, 1, 1] });
    expect(() => readPickle(pickle(tensor(9)))).toThrow('in an unknown way');
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

  it('look from the capture only where they take what is seen', () => {
    expect(tinyModel(1, { sight: true, captureViews: true }, true).manifest.captureViews).toBe(true);
    expect(tinyModel(1, { sight: true }, true).manifest.captureViews).toBe(false);
    expect(() => tinyModel(1, { captureViews: true })).toThrow('"captureViews" of a model without "sight"');
  });
});

describe('checkpoints', () => {
  it.each([
    ['small', 23, 1],
    ['anchor', 59, 3],
  ] as const)('of the reference model %s load', (name, inputs, copies) => {
    const { manifest } = loadModel(writeCheckpoint(referenceTensors[name]()), referenceSidecar(name), name);
    expect(manifest).toMatchObject({ inputs, copies });
  });

  it('that PyTorch wrote in half precision load, with the parameters that their notes say', () => {
    const { manifest } = loadModel(
      readFileSync(dataPath('weights/first.pth')),
      JSON.parse(readFileSync(dataPath('weights/first.json'), 'utf8')),
      'first',
    );
    expect(manifest).toMatchObject({ inputs: 23, copies: 1, parameters: 2_740_663 });
  });

  it('of the hashed recipe hold the numbers that its Python gives', () => {
    const name = 'backbone.backbone.enc.enc1.block0.attn.qkv.weight';
    const values = hashedTensor(name, [72, 24], 5).read();
    expect([...values.subarray(0, 3), values[values.length - 1]]).toEqual([
      -0.30316564440727234, -0.09524574875831604, -0.05015004053711891, -0.19483532011508942,
    ]);
    const sixth = (name: string, ...shape: number[]): number => hashedTensor(name, shape, 5).read()[5];
    expect(sixth('backbone.backbone.embedding.1.running_var', 16)).toBe(0.678499162197113);
    expect(sixth('backbone.backbone.embedding.1.weight', 16)).toBe(0.8386198878288269);
    expect(sixth('backbone.backbone.embedding.0.bias', 16)).toBe(0.09211710840463638);
    expect(sixth('features_outputhead.means.6.weight', 9, 128)).toBe(-0.013819359242916107);
  });

  it('say what is missing', () => {
    const bytes = writeCheckpoint(referenceTensors.small());
    const sidecar = referenceSidecar('small');
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

describe('checkpoints that cost more than they weigh', () => {
  const sidecar = referenceSidecar('small');
  const trunk = 'backbone.backbone.';

  it('with endless stages end at once', () => {
    const shapes = new Map<string, readonly number[]>([[`${trunk}embedding.0.weight`, [16, 23]]]);
    for (let i = 0; i < 19_000; i++) shapes.set(`${trunk}enc.enc${i}.`, [1]);
    const start = performance.now();
    expect(() => describeCheckpoint(writeSharedCheckpoint(shapes), sidecar, 'x')).toThrow('more than 64 layers');
    for (let i = 19_000; i < 21_000; i++) shapes.set(`${trunk}enc.enc${i}.`, [1]);
    expect(() => describeCheckpoint(writeSharedCheckpoint(shapes), sidecar, 'x')).toThrow('more than 20000 tensors');
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('that claim 2048 channels in a few small tensors allocate no network of that width', () => {
    const { encoderDepths, decoderDepths } = sidecar;
    const shapes = new Map<string, readonly number[]>([[`${trunk}embedding.0.weight`, [2048, 23]]]);
    for (const [s, depth] of encoderDepths.entries()) {
      if (s > 0) shapes.set(`${trunk}enc.enc${s}.down.proj.weight`, [2048, 1]);
      for (let i = 0; i < depth; i++) shapes.set(`${trunk}enc.enc${s}.block${i}.x`, [1]);
    }
    for (const [s, depth] of decoderDepths.entries()) {
      shapes.set(`${trunk}dec.dec${s}.up.proj.0.weight`, [2048, 1]);
      for (let i = 0; i < depth; i++) shapes.set(`${trunk}dec.dec${s}.block${i}.x`, [1]);
    }
    const before = process.resourceUsage().maxRSS;
    expect(() => loadModel(writeSharedCheckpoint(shapes), sidecar, 'x')).toThrow('does not fit a SplatFormer network');
    // kB. A single convolution of that width takes 453 MB.
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(200_000);
  });

  it('end once their time is over, at whatever step that is, on the thread that reads them', () => {
    const bytes = writeCheckpoint(referenceTensors.small());
    let looks = 0;
    loadModel(bytes, sidecar, 'x', () => (looks += 1));
    expect(looks).toBeGreaterThan(300);
    for (const end of [0, 1, looks >> 1, looks - 1]) {
      let now = -1;
      const check = timeCheck('x', 120_000, () => 120_001 * Number(now++ >= end));
      expect(() => loadModel(bytes, sidecar, 'x', check), `look ${end}`).toThrow('it takes longer than 120 seconds');
    }
  });

  it('are refused by their size before they are read', () => {
    requireCheckpointSize(2 * 1024 ** 3, 1 << 20);
    expect(() => requireCheckpointSize(2 * 1024 ** 3 + 1)).toThrow('more than any network');
    expect(() => requireCheckpointSize(1, (1 << 20) + 1)).toThrow('the description file beside it takes');
  });
});
