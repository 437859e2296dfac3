import { sceneBounds } from '../../renderer/camera/scene-bounds.ts';
import { vec3 } from '../../renderer/core/vector.ts';
import type { Blending } from '../../renderer/gpu/blending.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from '../gpu/device.ts';
import { coloursOf, psnr } from '../gpu/psnr.ts';
import { lookAt } from '../gpu/scenes.ts';
import { startClock } from './table/figures.ts';
import { open } from './tiled-scene.ts';

const BLACK = [0, 0, 0] as const;
const BLENDINGS: readonly Blending[] = ['quads', 'tiles'];

/**
 * Draws frames of a scene with quads and with tiles in turn and prints the least processor time of each, and how far
 * their pictures agree: node test/bench/run.mjs blending SCENE [WIDTH HEIGHT [FRAMES [RADII]]]
 */
export async function main([
  path,
  width = '640',
  height = '360',
  frames = '3',
  radii = '2.6',
]: string[]): Promise<void> {
  const scene = await open(path);
  const { device } = await openTestDevice();
  const accumulation = 'rgba32float';
  const renderers = BLENDINGS.map(
    (blending) => new SplatRenderer(device, { format: 'rgba32float', blending, accumulation }),
  );
  const uploaded = renderers[0].uploadScene(scene);
  const { centre, radius } = sceneBounds(scene);
  const position = vec3((axis) => centre[axis] + Number(radii) * radius * [0.6, -0.3, -0.8][axis]);
  const camera = { ...lookAt(position, centre, Number(width), Number(height)), near: radius / 100 };
  const target = {
    view: device
      .createTexture({
        size: [camera.width, camera.height],
        format: 'rgba32float',
        usage: GPUTextureUsage.RENDER_ATTACHMENT,
      })
      .createView(),
    width: camera.width,
    height: camera.height,
  };
  const least = BLENDINGS.map(() => Infinity);
  for (let frame = 0; frame <= Number(frames); frame++) {
    for (const [index, renderer] of renderers.entries()) {
      const clock = startClock();
      renderer.render(target, uploaded, camera, { background: BLACK });
      await device.queue.onSubmittedWorkDone();
      // The first frame makes what the others use.
      if (frame > 0) least[index] = Math.min(least[index], clock().processors);
    }
  }
  const pictures: Float32Array[] = [];
  for (const renderer of renderers)
    pictures.push(await renderToFloats(device, renderer, uploaded, camera, { background: BLACK }));
  const agreement = psnr(pictures[1], coloursOf(pictures[0]));
  const [quads, tiles] = least.map((seconds) => Math.round(1000 * seconds));
  process.stdout.write(
    `${scene.count} splats, ${width} x ${height}: quads ${quads} ms, tiles ${tiles} ms ` +
      `(${(tiles / quads).toFixed(2)}), ${agreement.toFixed(1)} dB apart\n`,
  );
}
