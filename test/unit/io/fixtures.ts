import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';

const root = new URL('../../../', import.meta.url);

/** Path of a reference file beside the repository; a missing one fails the test by name rather than skipping it. */
export function sharedPath(path: string): string {
  const full = fileURLToPath(new URL(`../shared/${path}`, root));
  if (!existsSync(full)) throw new Error(`The reference file ../shared/${path} is missing; these tests need it.`);
  return full;
}

export function sharedBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(sharedPath(path)));
}

/** A scene of believable random splats; the same seed gives the same bits. */
export function randomScene(count: number, shDegree: ShDegree, seed = 1): SplatScene {
  const scene = createScene(count, shDegree, { antialiased: false, up: '-y', format: 'inria-ply', name: 'random.ply' });
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  scene.positions.forEach((_, i, a) => (a[i] = next() * 20 - 10));
  scene.logScales.forEach((_, i, a) => (a[i] = -7 + next() * 5));
  scene.quats.forEach((_, i, a) => (a[i] = next() * 2 - 1));
  scene.logitOpacities.forEach((_, i, a) => (a[i] = next() * 8 - 4));
  scene.shDc.forEach((_, i, a) => (a[i] = next() * 2 - 1));
  scene.shRest.forEach((_, i, a) => (a[i] = next() * 0.6 - 0.3));
  return scene;
}

export const SCENE_ARRAYS = ['positions', 'logScales', 'quats', 'logitOpacities', 'shDc', 'shRest'] as const;

export function bitsOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
