import { invalid } from './source.ts';

/** The description of an LCC scene, as far as it is needed here. */
export interface LccDescription {
  readonly totalLevel: number;
  /** Of each level. */
  readonly splats: readonly number[];
  /** `Portable` has no harmonics. */
  readonly fileType?: string | undefined;
  /** Ranges that numbers are fractions of. */
  readonly attributes: readonly {
    readonly name: string;
    readonly min?: readonly number[] | undefined;
    readonly max?: readonly number[] | undefined;
  }[];
}

/** What stands around an LCC scene: a file that it may do without. */
export const ENVIRONMENT = 'environment.bin';

const DATA_BYTES = 32;
const HARMONICS_BYTES = 64;
const INDEX_BYTES = 20;

/**
 * The surroundings of an LCC scene as an LCC scene of one unit, which the library reads: their records are those of
 * `data.bin` and `shcoef.bin` in turn, by ranges of their own. Undefined where there are none.
 * @throws SplatError `invalid-file`
 */
export function environmentAsLcc(
  bytes: Uint8Array,
  { fileType, attributes }: LccDescription,
): { readonly description: LccDescription; readonly files: Readonly<Record<string, Uint8Array>> } | undefined {
  const hasHarmonics = fileType !== 'Portable';
  const recordBytes = DATA_BYTES + (hasHarmonics ? HARMONICS_BYTES : 0);
  const count = bytes.length / recordBytes;
  if (!Number.isInteger(count))
    throw invalid(ENVIRONMENT, `its ${bytes.length} bytes hold no whole number of splats of ${recordBytes} bytes`);
  if (count === 0) return undefined;
  const data = new Uint8Array(count * DATA_BYTES);
  const harmonics = new Uint8Array(hasHarmonics ? count * HARMONICS_BYTES : 0);
  for (let i = 0; i < count; i++) {
    const record = bytes.subarray(i * recordBytes, (i + 1) * recordBytes);
    data.set(record.subarray(0, DATA_BYTES), i * DATA_BYTES);
    if (hasHarmonics) harmonics.set(record.subarray(DATA_BYTES), i * HARMONICS_BYTES);
  }
  const index = new DataView(new ArrayBuffer(INDEX_BYTES));
  index.setInt32(4, count, true);
  index.setInt32(16, data.length, true);
  const files = { 'index.bin': new Uint8Array(index.buffer), 'data.bin': data };
  const ranges = ['scale', 'shcoef'].flatMap((name) => {
    const own = attributes.find((one) => one.name === `env${name}`) ?? attributes.find((one) => one.name === name);
    return own === undefined ? [] : [{ ...own, name }];
  });
  return {
    description: { totalLevel: 1, splats: [count], fileType, attributes: ranges },
    files: hasHarmonics ? { ...files, 'shcoef.bin': harmonics } : files,
  };
}
