import { sceneBounds } from '../../renderer/camera/scene-bounds.ts';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import { renderReference } from '../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { vec3 } from '../../renderer/core/vector.ts';
import { renderToFloats } from '../../renderer/gpu/capture.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from '../gpu/device.ts';
import { psnr } from '../gpu/psnr.ts';
import { lookAt } from '../gpu/scenes.ts';
import { wideRangeCases } from '../gpu/wide-range.ts';
import { open } from './tiled-scene.ts';

const BLACK = [0, 0, 0] as const;
const [WIDTH, HEIGHT] = [160, 120];
/** Where the cameras stand, in radii of the scene: around it, close to it, and inside. */
const PLACES = [
  [1.6, -0.8, -1.6],
  [-1.8, -0.5, 1.6],
  [0.7, -0.4, -0.7],
  [0.2, -0.1, 0.1],
] as const;

/**
 * Prints how well pictures agree with the equations, in dB: node test/bench/run.mjs agreement [SCENE…]. Of a file the
 * worst and the mean of four cameras; without files, of generated scenes whose numbers range far.
 */
export async function main(paths: readonly string[]): Promise<void> {
  const { device } = await openTestDevice();
  const renderer = new SplatRenderer(device, { format: 'rgba32float' });
  const agreement = async (scene: SplatScene, cameras: readonly CameraParameters[]): Promise<number[]> => {
    const uploaded = renderer.uploadScene(scene);
    const decibels: number[] = [];
    for (const camera of cameras) {
      const drawn = await renderToFloats(device, renderer, uploaded, camera, { background: BLACK });
      decibels.push(psnr(drawn, renderReference(scene, camera, BLACK, { transmittanceStop: 0 })));
    }
    uploaded.destroy();
    return decibels;
  };
  if (paths.length === 0)
    for (const { name, scene, camera } of wideRangeCases()) tell(name, await agreement(scene, [camera]));
  for (const path of paths) {
    const scene = await open(path);
    tell(`${path} (${scene.count} splats, SH ${scene.shDegree})`, await agreement(scene, camerasOf(scene)));
  }
}

function camerasOf(scene: SplatScene): CameraParameters[] {
  const { centre, radius } = sceneBounds(scene);
  return PLACES.map((place) => {
    const position = vec3((axis) => centre[axis] + radius * place[axis]);
    return { ...lookAt(position, centre, WIDTH, HEIGHT), near: radius / 100 };
  });
}

function tell(name: string, decibels: readonly number[]): void {
  const mean = decibels.reduce((sum, value) => sum + value, 0) / decibels.length;
  process.stdout.write(`${name}: worst ${Math.min(...decibels).toFixed(1)}, mean ${mean.toFixed(1)} dB\n`);
}
