import { readFileSync } from 'node:fs';
import { createScene, SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';

/** Reads the plain float32 little-endian PLYs of the parity data, independent of the product's own reader. */
export function readParityPly(path: string): SplatScene {
  const bytes = readFileSync(path);
  const end = bytes.indexOf('end_header\n') + 'end_header\n'.length;
  const lines = bytes.subarray(0, end).toString('latin1').split('\n');
  const names = lines
    .filter((line) => line.startsWith('property float '))
    .map((line) => line.slice('property float '.length));
  const count = Number(lines.find((line) => line.startsWith('element vertex '))?.split(' ')[2]);
  const values = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + end, bytes.byteOffset + end + count * names.length * 4),
  );
  const restCount = names.filter((name) => name.startsWith('f_rest_')).length / 3;
  const degree = (Math.sqrt(restCount + 1) - 1) as ShDegree;
  const scene = createScene(count, degree, { antialiased: false, up: 'y', format: 'inria-ply', name: path });
  const copy = (name: string, to: Float32Array, width: number, at: number): void => {
    const column = names.indexOf(name);
    if (column < 0) throw new Error(`${path} lacks ${name}`);
    for (let i = 0; i < count; i++) to[i * width + at] = values[i * names.length + column];
  };
  ['x', 'y', 'z'].forEach((name, k) => copy(name, scene.positions, 3, k));
  for (let k = 0; k < 3; k++) copy(`scale_${k}`, scene.logScales, 3, k);
  for (let k = 0; k < 4; k++) copy(`rot_${k}`, scene.quats, 4, k);
  for (let k = 0; k < 3; k++) copy(`f_dc_${k}`, scene.shDc, 3, k);
  copy('opacity', scene.logitOpacities, 1, 0);
  for (let channel = 0; channel < 3; channel++)
    for (let c = 0; c < restCount; c++)
      copy(`f_rest_${channel * restCount + c}`, scene.shRest, 3 * restCount, 3 * c + channel);
  return scene;
}

/** Largest and mean absolute difference of two scenes by array. */
export function sceneDifference(
  a: SplatScene,
  b: SplatScene,
): { largest: number; mean: number; byArray: Record<string, number> } {
  let largest = 0;
  let sum = 0;
  let n = 0;
  const byArray: Record<string, number> = {};
  for (const name of SCENE_ARRAYS) {
    if (a[name].length !== b[name].length) throw new Error(`${name}: ${a[name].length} and ${b[name].length} numbers`);
    let most = 0;
    for (let i = 0; i < a[name].length; i++) {
      const difference = Math.abs(a[name][i] - b[name][i]);
      if (!(difference <= most)) most = difference;
      sum += difference;
    }
    n += a[name].length;
    byArray[name] = most;
    if (!(most <= largest)) largest = most;
  }
  return { largest, mean: sum / n, byArray };
}
