import { sceneBounds } from '../../renderer/camera/scene-bounds.ts';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import { vec3 } from '../../renderer/core/vector.ts';
import { levelRows, makeLevels } from '../../renderer/edit/make-levels.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { GpuLevels } from '../../renderer/gpu/gpu-levels.ts';
import type { DrawnScene } from '../../renderer/gpu/gpu-scene.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from '../gpu/device.ts';
import { coloursOf, psnr } from '../gpu/psnr.ts';
import { lookAt } from '../gpu/scenes.ts';
import { open } from './tiled-scene.ts';

const [WIDTH, HEIGHT] = [480, 270];
const TILE = 15;
const FRAMES = 12;
const STEP_DEGREES = 0.4;
/** A change of level at once, and one by steps as a card draws them at 20 frames a second. */
const FADES = [1, 0.2];
const BLACK = [0, 0, 0] as const;

/**
 * Moves a camera slowly around a scene and measures what levels of detail add to the change from frame to frame:
 * node test/bench/run.mjs popping SCENE DISTANCE BUDGET…
 *
 * A pop is what the choice of levels alone changes: the frame as the choice before would have drawn it, against the
 * frame. Figures are of 255, the mean over a tile of 15 x 15 pixels, of the tile that changes most.
 */
export async function main([path, distance, ...budgets]: readonly string[]): Promise<void> {
  const scene = await open(path);
  const { positions, shDegree, meta } = scene;
  const rows = (wanted: Uint32Array) => Promise.resolve(levelRows(scene, wanted));
  const levels = await makeLevels({ positions, shDegree, meta, rows });
  const { device } = await openTestDevice();
  const renderer = new SplatRenderer(device, { format: 'rgba32float' });
  const whole = renderer.uploadScene(scene);
  const { centre, radius } = sceneBounds(scene);
  const cameras = Array.from({ length: FRAMES }, (_, frame): CameraParameters => {
    const angle = 0.64 + (frame * STEP_DEGREES * Math.PI) / 180;
    const away = Number(distance) * (1 - 0.003 * frame) * radius;
    const direction = [Math.sin(angle), -0.3, -Math.cos(angle)];
    const position = vec3((axis) => centre[axis] + away * direction[axis]);
    return { ...lookAt(position, centre, WIDTH, HEIGHT), near: radius / 100 };
  });
  const draw = (drawn: DrawnScene, camera: CameraParameters): Promise<Float32Array> =>
    renderToFloats(device, renderer, drawn, camera, { background: BLACK });
  const wholes: Float32Array[] = [];
  for (const camera of cameras) wholes.push(coloursOf(await draw(whole, camera)));
  const motion = wholes.slice(1).map((picture, i) => mostChanged(wholes[i], picture));
  write(`Motion of the whole scene: ${mean(motion).toFixed(2)}\n`);
  write('| budget | of the scene | fade | splats | PSNR | mean pop | largest pop |\n|---|---|---|---|---|---|---|\n');
  for (const budget of budgets.map(Number))
    for (const own of [undefined, whole])
      for (const fade of FADES) {
        const some = new GpuLevels(device, levels, budget, own);
        const [pops, agreements, counts]: [number[], number[], number[]] = [[], [], []];
        for (const [frame, camera] of cameras.entries()) {
          const before = frame === 0 ? undefined : coloursOf(await draw(some, camera));
          some.choose(camera, budget, fade);
          const picture = await draw(some, camera);
          if (before !== undefined) pops.push(mostChanged(before, coloursOf(picture)));
          agreements.push(psnr(picture, wholes[frame]));
          counts.push(some.count);
        }
        some.destroy();
        const figures = [mean(counts).toFixed(0), mean(agreements).toFixed(1), mean(pops).toFixed(2)];
        const hasOwn = own === undefined ? 'no' : 'yes';
        write(`| ${budget} | ${hasOwn} | ${fade} | ${figures.join(' | ')} | ${Math.max(...pops).toFixed(2)} |\n`);
      }
}

/** Of two pictures (pixels, 3), how much the tile differs that differs most. */
function mostChanged(a: Float32Array, b: Float32Array): number {
  const across = Math.ceil(WIDTH / TILE);
  const tiles = new Float64Array(across * Math.ceil(HEIGHT / TILE));
  for (let i = 0; i < a.length; i++) {
    const pixel = Math.floor(i / 3);
    const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
    tiles[Math.floor(y / TILE) * across + Math.floor(x / TILE)] += Math.abs(a[i] - b[i]);
  }
  return (255 * Math.max(...tiles)) / (3 * TILE * TILE);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function write(text: string): void {
  process.stdout.write(text);
}
