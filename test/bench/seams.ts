import { UP_DIRECTIONS } from '../../renderer/core/up-axes.ts';
import { openModel } from '../../electron/models/open-model.ts';
import { boundingBox } from '../../renderer/core/bounds.ts';
import { parseCameraFile } from '../../renderer/core/camera-file.ts';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import { renderReference } from '../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { createNodeBackend } from '../../renderer/refine/backend-node.ts';
import { cutBlocks } from '../../renderer/refine/blocks.ts';
import { refinableRows, normalizationOf, normalizedPositions } from '../../renderer/refine/features.ts';
import { refineScene } from '../../renderer/refine/refine-scene.ts';
import type { RefineResult } from '../../renderer/refine/refine-scene.ts';
import { open } from './tiled-scene.ts';

const ATTRIBUTES = ['means', 'scales', 'opacities', 'quats', 'features_dc', 'features_rest'] as const;
/** A splat is near a seam when another block's core begins within this share of the scene's longest side. */
const NEAR = 0.01;
const [WIDTH, HEIGHT] = [480, 360];

/**
 * What cutting a scene into blocks changes, with the shipped weights: node test/bench/run.mjs seams SCENE MAX_SPLATS…
 * The scene is refined in one pass and once for each block size; answers and pictures are compared, over all of it and
 * near the seams. Differences are in units of the mean size of what the network changes, so 1 means as large as the
 * change itself.
 */
export async function main([path, ...sizes]: readonly string[]): Promise<void> {
  const scene = await open(path);
  const model = await openModel();
  const backend = createNodeBackend();
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const whole = await refineScene(scene, model, backend, { maxSplats: scene.count, region: 'all' });
  say(`${path}: ${scene.count} splats, one pass ${(whole.report.milliseconds.total / 1000).toFixed(0)} s`);
  const cameras = camerasAround(scene);
  const before = cameras.map((camera) => picture(scene, camera));
  const once = cameras.map((camera) => picture(whole.scene, camera));
  say(`the change itself: PSNR of before to after ${decibels(cameras.map((_, i) => psnr(before[i], once[i])))}`);
  for (const size of sizes.map(Number)) {
    const cut = await refineScene(scene, model, backend, { maxSplats: size, region: 'all' });
    const near = nearSeams(scene, model.manifest, size);
    const share = near.reduce((sum, flag) => sum + flag, 0) / near.length;
    say(
      `\nblocks of at most ${size}: ${cut.report.blocks} blocks, ` +
        `${(cut.report.milliseconds.total / 1000).toFixed(0)} s, ${(100 * share).toFixed(1)} % of splats near a seam`,
    );
    say('attribute       mean |change|   mean diff   near seams   largest diff   (in mean |change|)');
    for (const name of ATTRIBUTES) say(line(name, whole, cut, near));
    const pictures = cameras.map((camera) => picture(cut.scene, camera));
    say(`PSNR of blocks to one pass ${decibels(cameras.map((_, i) => psnr(pictures[i], once[i])))}`);
    const masks = cameras.map((camera) => seamPixels(whole.scene, near, camera));
    const masked = decibels(cameras.map((_, i) => psnr(pictures[i], once[i], masks[i])));
    const pixels = masks.flatMap((mask) => [...mask]).filter(Boolean).length / (masks.length * WIDTH * HEIGHT);
    say(`the same, pixels that seam splats dominate ${masked} (${(100 * pixels).toFixed(1)} % of pixels)`);
  }
}

function line(name: (typeof ATTRIBUTES)[number], whole: RefineResult, cut: RefineResult, near: Uint8Array): string {
  const [a, b] = [whole.residuals.values[name], cut.residuals.values[name]];
  const width = a.length / near.length;
  const unit = a.reduce((sum, value) => sum + Math.abs(value), 0) / a.length;
  let [all, largest, seam, seamCount] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]) / unit;
    all += difference;
    largest = Math.max(largest, difference);
    if (near[Math.floor(i / width)] === 1) {
      seam += difference;
      seamCount++;
    }
  }
  return [
    name.padEnd(15),
    unit.toExponential(2).padStart(13),
    (all / a.length).toFixed(4).padStart(11),
    (seam / Math.max(1, seamCount)).toFixed(4).padStart(12),
    largest.toFixed(2).padStart(14),
  ].join(' ');
}

/** (rows) 1 for every refined row that lies within NEAR of another block's core. */
function nearSeams(scene: SplatScene, rule: Parameters<typeof normalizationOf>[2], maxSplats: number): Uint8Array {
  const rows = refinableRows(scene);
  const positions = normalizedPositions(scene.positions, rows, normalizationOf(scene.positions, rows, rule));
  const cores = cutBlocks(positions, maxSplats).map(({ rows: block, core }) => core.map((at) => block[at]));
  const boxes = cores.map((core) => {
    const box = { min: [Infinity, Infinity, Infinity], max: [-Infinity, -Infinity, -Infinity] };
    for (const row of core) {
      for (let k = 0; k < 3; k++) {
        box.min[k] = Math.min(box.min[k], positions[3 * row + k]);
        box.max[k] = Math.max(box.max[k], positions[3 * row + k]);
      }
    }
    return box;
  });
  const reach =
    NEAR *
    Math.max(
      ...[0, 1, 2].map(
        (k) => Math.max(...boxes.map(({ max }) => max[k])) - Math.min(...boxes.map(({ min }) => min[k])),
      ),
    );
  const near = new Uint8Array(rows.length);
  cores.forEach((core, own) => {
    for (const row of core) {
      const isNear = boxes.some(
        ({ min, max }, other) =>
          other !== own &&
          [0, 1, 2].every((k) => positions[3 * row + k] >= min[k] - reach && positions[3 * row + k] <= max[k] + reach),
      );
      if (isNear) near[row] = 1;
    }
  });
  return near;
}

/** Four views around the middle of the splats, from 45 degrees above. */
function camerasAround(scene: SplatScene): CameraParameters[] {
  const box = boundingBox(scene);
  if (box === null) throw new Error('the scene has no bounds');
  const median = [0, 1, 2].map((k) => {
    const values = Float32Array.from({ length: scene.count }, (_, i) => scene.positions[3 * i + k]).sort();
    return {
      middle: values[values.length >> 1],
      spread: values[Math.floor(values.length * 0.9)] - values[Math.floor(values.length * 0.1)],
    };
  });
  const target = median.map(({ middle }) => middle);
  const distance = 1.6 * Math.max(...median.map(({ spread }) => spread));
  const up = UP_DIRECTIONS[scene.meta.up];
  const [ground, other] = scene.meta.up === 'z' ? [0, 1] : [0, 2];
  return [0, 1, 2, 3].map((quarter) => {
    const position = target.map((value, k) => value + distance * Math.SQRT1_2 * up[k]);
    position[ground] += distance * Math.SQRT1_2 * Math.cos((quarter * Math.PI) / 2 + 0.4);
    position[other] += distance * Math.SQRT1_2 * Math.sin((quarter * Math.PI) / 2 + 0.4);
    return parseCameraFile({ position, target, up, fovYDegrees: 50 }, WIDTH, HEIGHT);
  });
}

function picture(scene: SplatScene, camera: CameraParameters): Float32Array {
  return renderReference(scene, camera, [0, 0, 0]);
}

/** Pixels whose light comes mostly from splats near a seam: those are drawn white, all others black. */
function seamPixels(scene: SplatScene, near: Uint8Array, camera: CameraParameters): Uint8Array {
  const rows = refinableRows(scene);
  const white = 0.5 / 0.28209479177387814;
  const shDc = new Float32Array(scene.shDc.length).fill(-white);
  rows.forEach((row, i) => near[i] === 1 && shDc.fill(white, 3 * row, 3 * row + 3));
  const drawn = renderReference({ ...scene, shDc, shRest: new Float32Array(scene.shRest.length) }, camera, [0, 0, 0]);
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (drawn[3 * i] > 0.5 ? 1 : 0));
}

/** dB, of the pixels in the mask or all. */
function psnr(a: Float32Array, b: Float32Array, mask?: Uint8Array): number {
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  let [sum, count] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (mask !== undefined && mask[Math.floor(i / 3)] === 0) continue;
    sum += (clamp(a[i]) - clamp(b[i])) ** 2;
    count++;
  }
  return -10 * Math.log10(sum / count);
}

function decibels(values: readonly number[]): string {
  return `${values.map((value) => value.toFixed(1)).join(', ')} dB`;
}
