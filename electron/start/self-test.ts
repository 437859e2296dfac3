import type { RenderJob } from '../../renderer/bridge/jobs.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { createScene } from '../../renderer/core/splat-scene.ts';
import type { GraphicsMode } from '../../renderer/bridge/settings.ts';
import { graphicsModeSchema } from '../../renderer/bridge/settings.ts';
import { NO_ADAPTER_EXIT_CODE } from '../window/no-adapter-exit-code.ts';

/** Names the modes that a self-test tries by itself, in their order. */
const MODES = ['default', 'software'] as const satisfies readonly GraphicsMode[];
const SIDE = 64;

/** Set for the starts by which a self-test tries its modes, which end with a task's exit codes. */
export const SELF_TEST_START = 'SPLATFORMER_SELF_TEST_START';

/**
 * The graphics modes that a self-test tries, in their order: the one that it names, or its own. Undefined where the
 * start is no self-test, or tries one mode for another start.
 */
export function selfTestModes(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly GraphicsMode[] | undefined {
  if (!argv.includes('--self-test') || env[SELF_TEST_START] !== undefined) return undefined;
  const named = argv.find((argument) => argument.startsWith('--graphics='))?.slice('--graphics='.length);
  const mode = graphicsModeSchema.safeParse(named);
  return mode.success ? [mode.data] : MODES;
}

/**
 * Runs the self-test in one mode after the other until one has an adapter.
 * @param modes as of `selfTestModes`
 * @param start starts this executable in a mode and resolves with its exit code
 * @param say hears how each mode ended, in a line
 * @returns 0 where all went well, else 1
 */
export async function selfTestInModes(
  modes: readonly GraphicsMode[],
  start: (mode: GraphicsMode) => Promise<number | null>,
  say: (line: string) => void,
): Promise<0 | 1> {
  for (const mode of modes) {
    const code = await start(mode);
    const hasAdapter = code !== NO_ADAPTER_EXIT_CODE;
    say(`${mode} graphics: ${hasAdapter ? (code === 0 ? 'ok' : 'failed') : 'no adapter on this machine'}`);
    if (hasAdapter) return code === 0 ? 0 : 1;
  }
  return 1;
}

/** A picture of the sample: it takes adapter, compute passes, the worker that reads scenes, and a written file. */
export function selfTestJob(scene: string, out: string): RenderJob {
  // Looks along -z of the scene's axes from 3 units away.
  const worldToView = [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 3, 0, 0, 0, 1];
  const camera = { worldToView, fx: SIDE, fy: SIDE, cx: SIDE / 2, cy: SIDE / 2 };
  return { kind: 'render', scene, camera, width: SIDE, height: SIDE, background: [0, 0, 0], out };
}

export interface SelfTestParts {
  /** The picture of `selfTestJob` as it was written, 4 bytes a pixel. */
  readonly readPicture: () => Uint8Array;
  /** Lets the model refine a scene in the native process. Resolves with the number of splats in its answer. */
  readonly refine: (scene: SplatScene) => Promise<number>;
  readonly say: (line: string) => void;
}

/** What is left to try once the picture was written. @throws SplatError that names what is broken */
export async function finishSelfTest({ readPicture, refine, say }: SelfTestParts): Promise<void> {
  const picture = readPicture();
  if (picture.length !== 4 * SIDE * SIDE || picture.every((value, i) => value === picture[i % 4]))
    throw new SplatError('gpu-error', 'The picture of the sample is empty.');
  say('adapter, compute, worker, write: ok');
  const scene = ballOfSplats();
  const count = await refine(scene);
  if (count !== scene.count) throw new SplatError('model-invalid', 'The model answered with another number of splats.');
  say('model: ok');
}

/** 256 splats on a sphere: enough for every layer of the network. */
function ballOfSplats(): SplatScene {
  const scene = createScene(256, 1, { antialiased: false, up: 'z', format: 'self-test', name: 'self-test' });
  const goldenAngle = Math.PI * (3 - Math.sqrt(5));
  for (let i = 0; i < scene.count; i += 1) {
    const z = 1 - (2 * i + 1) / scene.count;
    const radius = Math.sqrt(1 - z * z);
    scene.positions.set([radius * Math.cos(i * goldenAngle), radius * Math.sin(i * goldenAngle), z], 3 * i);
    scene.logScales.set([-3, -3, -3], 3 * i);
    scene.quats.set([1, 0, 0, 0], 4 * i);
    scene.logitOpacities[i] = 2;
    scene.shDc.set([0.5, 0.2, -0.2], 3 * i);
  }
  return scene;
}
