import { createScene, SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import type { RefineManifest } from '../../../renderer/refine/manifest.ts';
import type { Taps } from '../../../renderer/refine/plan/taps.ts';
import { refineInWorker } from '../../../renderer/refine/refine-client.ts';

/** What the test hands to the page: JSON can't carry typed arrays, so they come as lists of numbers. */
export interface PageJob {
  readonly manifest: RefineManifest;
  readonly graphs: Readonly<Record<Taps, readonly number[]>>;
  readonly weights: readonly number[];
  readonly count: number;
  readonly arrays: Readonly<Record<string, readonly number[]>>;
  readonly cancelAtOnce: boolean;
}

export type PageAnswer =
  | { readonly backend: string; readonly stages: readonly string[]; readonly arrays: Record<string, number[]> }
  | { readonly error: string };

async function runJob(job: PageJob): Promise<PageAnswer> {
  const scene = createScene(job.count, 1, { antialiased: false, up: 'y', format: 'test', name: 'test' });
  for (const name of SCENE_ARRAYS) scene[name].set(job.arrays[name]);
  const stages: string[] = [];
  const controller = new AbortController();
  try {
    const work = refineInWorker(
      scene,
      {
        manifest: job.manifest,
        graphs: { all: Uint8Array.from(job.graphs.all), occupied: Uint8Array.from(job.graphs.occupied) },
        weights: Uint8Array.from(job.weights),
      },
      { device: 'webgpu', signal: controller.signal, onProgress: ({ stage }) => stages.push(stage) },
    );
    if (job.cancelAtOnce) controller.abort();
    const { scene: refined, report } = await work;
    return {
      backend: report.backend,
      stages,
      arrays: Object.fromEntries(SCENE_ARRAYS.map((name) => [name, [...refined[name]]])),
    };
  } catch (error) {
    return {
      error: error instanceof Error && 'code' in error ? `${String(error.code)}: ${error.message}` : String(error),
    };
  }
}

(window as unknown as { runJob: typeof runJob }).runJob = runJob;
