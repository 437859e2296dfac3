import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { SH_C0 } from '../../../renderer/core/splat-scene.ts';
import { opacityOfLogit } from '../../../renderer/core/drawable.ts';

export type Files = Record<string, Uint8Array>;

/** Levels of a unit: rows of a scene that it shows there. */
export type Unit = readonly (readonly number[])[];

type Range = readonly [from: number, to: number];
interface Ranges {
  readonly scale: Range;
  readonly shcoef: Range;
}
const RANGES: Ranges = { scale: [0, 0.2], shcoef: [-0.4, 0.4] };
const AROUND: Ranges = { scale: [0, 0.5], shcoef: [-0.6, 0.8] };
const share = (value: number, [from, to]: Range): number => (value - from) / (to - from);

/** A scene in LCC's four files, by the layout that the library's reader has. */
export function lccOf(scene: SplatScene, units: readonly Unit[], fileType = 'Quality'): Files {
  const records = units.flatMap((unit) => unit.flat()).length;
  const data = new DataView(new ArrayBuffer(records * 32));
  const harmonics = new DataView(new ArrayBuffer(records * 64));
  const levels = units[0].length;
  const index = new DataView(new ArrayBuffer(units.length * (4 + 16 * levels)));
  let record = 0;
  units.forEach((unit, at) => {
    unit.forEach((rows, level) => {
      const entry = at * (4 + 16 * levels) + 4 + 16 * level;
      index.setInt32(entry, rows.length, true);
      index.setBigInt64(entry + 4, BigInt(record * 32), true);
      index.setInt32(entry + 12, rows.length * 32, true);
      for (const row of rows) {
        writeRecord(scene, row, data, 32 * record, RANGES);
        writeHarmonics(scene, row, harmonics, 64 * record++, RANGES);
      }
    });
  });
  const range = ([from, to]: Range) => ({ min: [from, from, from], max: [to, to, to] });
  const description = {
    version: '5.0',
    totalLevel: levels,
    splats: Array.from({ length: levels }, (_, level) => units.reduce((sum, unit) => sum + unit[level].length, 0)),
    fileType,
    attributes: [
      { name: 'scale', ...range(RANGES.scale) },
      { name: 'shcoef', ...range(RANGES.shcoef) },
      { name: 'envscale', ...range(AROUND.scale) },
      { name: 'envshcoef', ...range(AROUND.shcoef) },
    ],
  };
  const bytes = (view: DataView): Uint8Array => new Uint8Array(view.buffer);
  return {
    'a.lcc': new TextEncoder().encode(JSON.stringify(description)),
    'index.bin': bytes(index),
    'data.bin': bytes(data),
    'shcoef.bin': bytes(harmonics),
  };
}

/** A scene as `environment.bin`, what stands around another: each splat's harmonics follow its other numbers. */
export function lccEnvironmentOf(scene: SplatScene, fileType = 'Quality'): Uint8Array {
  const bytes = fileType === 'Portable' ? 32 : 96;
  const data = new DataView(new ArrayBuffer(scene.count * bytes));
  for (let row = 0; row < scene.count; row++) {
    writeRecord(scene, row, data, bytes * row, AROUND);
    if (bytes === 96) writeHarmonics(scene, row, data, bytes * row + 32, AROUND);
  }
  return new Uint8Array(data.buffer);
}

function writeRecord(scene: SplatScene, row: number, data: DataView, at: number, { scale }: Ranges): void {
  for (let k = 0; k < 3; k++) {
    data.setFloat32(at + 4 * k, scene.positions[3 * row + k], true);
    data.setUint8(at + 12 + k, Math.round(255 * (0.5 + SH_C0 * scene.shDc[3 * row + k])));
    data.setUint16(at + 16 + 2 * k, Math.round(65535 * share(Math.exp(scene.logScales[3 * row + k]), scale)), true);
  }
  data.setUint8(at + 15, Math.round(255 * opacityOfLogit(scene.logitOpacities[row])));
  // Smallest three of x, y, z, w, with w the largest: 10 bits each of -1/sqrt(2) to 1/sqrt(2).
  const [w, x, y, z] = scene.quats.subarray(4 * row, 4 * row + 4);
  const sign = Math.sign(w) / Math.hypot(w, x, y, z);
  const parts = [x, y, z].map((value) => Math.round(1023 * (value * sign * Math.SQRT1_2 + 0.5)));
  data.setUint32(at + 22, (parts[0] | (parts[1] << 10) | (parts[2] << 20) | (3 << 30)) >>> 0, true);
}

function writeHarmonics(scene: SplatScene, row: number, data: DataView, at: number, { shcoef }: Ranges): void {
  for (let k = 0; k < 15; k++) {
    const [r, g, b] = [0, 1, 2].map((c) => share(scene.shRest[45 * row + 3 * k + c], shcoef));
    const packed = Math.round(2047 * r) | (Math.round(1023 * g) << 11) | (Math.round(2047 * b) << 21);
    data.setUint32(at + 4 * k, packed >>> 0, true);
  }
}
