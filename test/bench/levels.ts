import { sceneBounds } from '../../renderer/camera/scene-bounds.ts';
import { vec3 } from '../../renderer/core/vector.ts';
import { levelRows, makeLevels } from '../../renderer/edit/make-levels.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { GpuLevels } from '../../renderer/gpu/gpu-levels.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from '../gpu/device.ts';
import { coloursOf, psnr } from '../gpu/psnr.ts';
import { lookAt } from '../gpu/scenes.ts';
import { startClock } from './table/figures.ts';
import { open } from './tiled-scene.ts';

const [WIDTH, HEIGHT] = [640, 360];
/** Distances of the camera in radii of the scene. */
const DISTANCES = [2.6, 1.3, 5];
const BLACK = [0, 0, 0] as const;

/**
 * Makes levels of detail of a scene and compares frames of them with frames of the whole, by several budgets of splats:
 * node test/bench/run.mjs levels SCENE [BUDGET…]
 */
export async function main([path, ...budgets]: readonly string[]): Promise<void> {
  const scene = await open(path);
  const making = startClock();
  const { positions, shDegree, meta } = scene;
  const rows = (wanted: Uint32Array) => Promise.resolve(levelRows(scene, wanted));
  const levels = await makeLevels({ positions, shDegree, meta, rows });
  const { processors } = making();
  write(`${scene.count} splats, levels in ${processors.toFixed(1)} s of processors\n`);
  write('| distance | budget | splats | of the scene | PSNR | whole ms (CPU) | levels ms (CPU) |\n');
  write('|---|---|---|---|---|---|---|\n');
  const { device } = await openTestDevice();
  const renderer = new SplatRenderer(device, { format: 'rgba32float' });
  const whole = renderer.uploadScene(scene);
  const { centre, radius } = sceneBounds(scene);
  for (const distance of DISTANCES) {
    const position = vec3((axis) => centre[axis] + distance * radius * [0.6, -0.3, -0.8][axis]);
    const camera = { ...lookAt(position, centre, WIDTH, HEIGHT), near: radius / 100 };
    const picture = async (drawn: typeof whole | GpuLevels) => {
      await renderToFloats(device, renderer, drawn, camera, { background: BLACK });
      const clock = startClock();
      const floats = await renderToFloats(device, renderer, drawn, camera, { background: BLACK });
      return { floats, milliseconds: (1000 * clock().processors).toFixed(0) };
    };
    const all = await picture(whole);
    for (const budget of budgets.map(Number)) {
      const some = new GpuLevels(device, levels, budget, whole);
      some.choose(camera, budget);

      const few = await picture(some);
      const agreement = psnr(few.floats, coloursOf(all.floats)).toFixed(1);
      const splats = `${some.count} | ${some.ownCount}`;
      write(`| ${distance} | ${budget} | ${splats} | ${agreement} | ${all.milliseconds} | ${few.milliseconds} |\n`);
      some.destroy();
    }
  }
}

function write(text: string): void {
  process.stdout.write(text);
}
