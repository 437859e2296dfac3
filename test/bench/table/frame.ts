import { sceneBounds } from '../../../renderer/camera/scene-bounds.ts';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { quantile } from '../../../renderer/core/quantile.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { vec3 } from '../../../renderer/core/vector.ts';
import { renderToFloats } from '../../../renderer/gpu/capture.ts';
import { sceneBytesOnGpu, type GpuScene } from '../../../renderer/gpu/gpu-scene.ts';
import { FRAME_BYTES_A_SPLAT } from '../../../renderer/gpu/scratch.ts';
import { SplatRenderer } from '../../../renderer/gpu/splat-renderer.ts';
import { openTestDevice } from '../../gpu/device.ts';
import { psnr } from '../../gpu/psnr.ts';
import { lookAt } from '../../gpu/scenes.ts';
import { open } from '../tiled-scene.ts';
import { startClock, tellFigures } from './figures.ts';

const [WIDTH, HEIGHT] = [640, 360];
const BLACK = [0, 0, 0] as const;
/** Least agreement with the equations, in dB, at which times mean anything. */
const LEAST_AGREEMENT_DB = 45;
/** Splats up to which the CPU twin draws in a minute. */
const MOST_CHECKED = 2_000_000;

/**
 * Checks the picture of a scene against the equations, then draws frames of 640 x 360 from a camera that moves around
 * it: node test/bench/run.mjs table/frame SCENE [FRAMES]. Throws where the picture is wrong.
 */
export async function main([path, frames = '6']: readonly string[]): Promise<void> {
  const scene = await open(path);
  const { device, info, errors } = await openTestDevice();
  const cameras = camerasAround(scene, Number(frames) + 1, WIDTH, HEIGHT);
  const renderer = new SplatRenderer(device, { format: 'rgba8unorm' });
  const uploading = startClock();
  const uploaded = renderer.uploadScene(scene);
  await device.queue.onSubmittedWorkDone();
  const upload = uploading();
  const agreement = scene.count > MOST_CHECKED ? NaN : await agreementDecibels(device, uploaded, scene);
  if (agreement < LEAST_AGREEMENT_DB) throw new Error(`The picture agrees with the equations to ${agreement} dB only.`);

  const texture = device.createTexture({
    size: [WIDTH, HEIGHT],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const target = { view: texture.createView(), width: WIDTH, height: HEIGHT };
  const times = new Float64Array(cameras.length - 1);
  const processors = new Float64Array(cameras.length - 1);
  for (const [index, camera] of cameras.entries()) {
    const clock = startClock();
    renderer.render(target, uploaded, camera, { background: BLACK });
    await device.queue.onSubmittedWorkDone();
    // The first frame makes what the others use.
    if (index > 0) ({ wall: times[index - 1], processors: processors[index - 1] } = clock());
  }
  if (errors.length > 0) throw new Error(errors.join('\n'));
  tellFigures({
    device: `${info.vendor} ${info.architecture}`,
    agreement: Number.isNaN(agreement) ? 'not drawn by the CPU' : agreement,
    upload: upload.wall,
    wall: quantile(times, 0.5),
    processors: quantile(processors, 0.5),
    bytesOnDevice: sceneBytesOnGpu(1, scene.shDegree) + FRAME_BYTES_A_SPLAT,
  });
}

/** Cameras on an arc around the scene, each a fifth of a radian further. */
function camerasAround(scene: SplatScene, count: number, width: number, height: number): CameraParameters[] {
  const { centre, radius } = sceneBounds(scene);
  return Array.from({ length: count }, (_, step) => {
    const away = [Math.sin(step / 5), -0.3, -Math.cos(step / 5)];
    const position = vec3((axis) => centre[axis] + 2.6 * radius * away[axis]);
    return { ...lookAt(position, centre, width, height), near: radius / 100 };
  });
}

/** How well a picture of an eighth of the size agrees with the equations, in dB. */
async function agreementDecibels(device: GPUDevice, uploaded: GpuScene, scene: SplatScene): Promise<number> {
  const [camera] = camerasAround(scene, 1, WIDTH / 8, HEIGHT / 8);
  const renderer = new SplatRenderer(device, { format: 'rgba32float' });
  const drawn = await renderToFloats(device, renderer, uploaded, camera, { background: BLACK });
  renderer.destroy();
  return psnr(drawn, renderReference(scene, camera, BLACK));
}
