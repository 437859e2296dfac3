import { beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../../electron/models/open-model.ts';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import type { UpAxis } from '../../../renderer/core/up-axes.ts';
import { fileFraction } from '../../../renderer/core/stages.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { attributesOf } from '../../../renderer/refine/attributes.ts';
import type { InferenceBackend } from '../../../renderer/refine/backend.ts';
import type { CameraCounts } from '../../../renderer/refine/captured-cameras.ts';
import { viewFrom } from '../../../renderer/refine/captured-views.ts';
import type { RefineModel } from '../../../renderer/refine/model.ts';
import { inputNames } from '../../../renderer/refine/network.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { readData } from '../io/fixtures.ts';
import { madeScene, onSphere } from './made-scenes.ts';

/** A network that changes every number by the same. */
function shiftingBackend(shDegree: number): InferenceBackend {
  return {
    kind: 'cpu',
    taps: 'all',
    description: 'shifts',
    createSession: () =>
      Promise.resolve({
        run: (feeds) => {
          const splats = feeds[inputNames.features].dims[0];
          const answers = attributesOf(shDegree).map(({ name, width }) => [
            name,
            new Float32Array(splats * width).fill(0.2),
          ]);
          return Promise.resolve(Object.fromEntries(answers) as Record<string, Float32Array>);
        },
        release: () => Promise.resolve(),
      }),
    dispose: () => Promise.resolve(),
  };
}

const around = (centre: Vec3): CameraParameters[] =>
  [0, 1, 2, 3].map((angle) => viewFrom({ centre, radius: 0.6 }, [Math.cos(angle), Math.sin(angle), 0]));

describe('the evidence of an answer', () => {
  let model: RefineModel;
  /** Of the last report. */
  let counts: CameraCounts | null;
  beforeAll(async () => {
    const opened = await openModel();
    model = { ...opened, manifest: { ...opened.manifest, symmetries: 1 } };
  });

  async function refined(scene: SplatScene, cameras?: readonly CameraParameters[], strength = 1, up?: UpAxis) {
    const fractions: number[] = [];
    const backend = shiftingBackend(model.manifest.shDegree);
    const { report } = await refineScene(scene, model, backend, {
      cameras,
      strength,
      up,
      onProgress: (progress) => fractions.push(fileFraction(progress)),
    });
    counts = report.cameras;
    expect(fractions).toEqual(fractions.slice().sort((a, b) => a - b));
    return report.proof;
  }

  const object = { count: 250, place: onSphere([0, 0, 0], 0.5), size: 0.04 };
  const lone = madeScene([object]);
  const room = madeScene([object, { count: 200, place: onSphere([0, 0, 0], 4), size: 0.9 }]);

  it('is the cameras that show the object, and progress never runs back', async () => {
    expect(await refined(lone, around([0, 0, 0]))).toMatchObject({ evidence: 'cameras', views: 4 });
    expect(await refined(room, [...around([0, 0, 0]), ...around([90, 0, 0])])).toMatchObject({
      evidence: 'cameras',
      views: 4,
    });
    expect(counts).toEqual({ given: 8, showing: 4 });
  });

  it('is looked at as strong as the answer is applied', async () => {
    const [once, twice] = [1, 1.5].map((strength) => refined(lone, around([0, 0, 0]), strength));
    expect((await twice)?.kept).toBeLessThan(0.9 * ((await once)?.kept ?? 0));
    expect((await twice)?.psnrDb).toBeGreaterThanOrEqual(40);
  });

  it('is every side of a lone object whose splats speak against the axis: nothing that shows is changed', async () => {
    const scan = await readData('scan/scene.ply');
    expect(await refined(scan, undefined, 1, 'z')).toBeNull();
    const proof = await refined(scan, undefined, 1, 'x');
    expect(proof).toMatchObject({ evidence: 'around', views: 16 });
    expect(proof?.psnrDb ?? Infinity).toBeGreaterThanOrEqual(57);
  });

  it('is none, or what the scene itself tells, where the cameras belong to another scene', async () => {
    expect(await refined(lone, around([90, 0, 0]))).toBeNull();
    expect(counts).toEqual({ given: 4, showing: 0 });
    expect(await refined(room, around([90, 0, 0]))).toMatchObject({ evidence: 'sharpness' });
    await refined(lone);
    expect(counts).toBeNull();
  });
});
