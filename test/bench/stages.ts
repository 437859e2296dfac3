import { openModel } from '../../electron/models/open-model.ts';
import { createNodeBackend } from '../../renderer/refine/backend-node.ts';
import { refineScene } from '../../renderer/refine/refine-scene.ts';
import { open } from './tiled-scene.ts';

/** What of the stages of a refinement is drawn around the network. */
const drawn = ['region', 'sight', 'check', 'reconcile'];

/**
 * Measures the processor time of a refinement by stage, with the shipped weights: node test/bench/run.mjs stages
 * SCENE…, +z up. `sight` is drawn before the network, `check` and `reconcile` after it.
 */
export async function main(paths: readonly string[]): Promise<void> {
  const model = await openModel();
  const backend = createNodeBackend();
  for (const path of paths) {
    const scene = await open(path);
    const seconds = new Map<string, number>();
    let [stage, since, peak] = ['start', process.cpuUsage(), 0];
    const advance = (next: string): void => {
      const { user, system } = process.cpuUsage(since);
      seconds.set(stage, (seconds.get(stage) ?? 0) + (user + system) / 1e6);
      [stage, since] = [next, process.cpuUsage()];
      peak = Math.max(peak, process.memoryUsage().rss);
    };
    const { report } = await refineScene(scene, model, backend, {
      up: 'z',
      onProgress: (progress) => advance(progress.stage),
    });
    advance('start');
    const checks = drawn.reduce((sum, name) => sum + (seconds.get(name) ?? 0), 0);
    const stages = [...seconds].map(([name, value]) => `${name} ${value.toFixed(2)}`).join(', ');
    process.stdout.write(
      `${path}: ${report.refined} of ${report.splats} splats, ${(peak / 1e6).toFixed(0)} MB; ` +
        `checks ${checks.toFixed(2)} s: ${stages}; ${JSON.stringify(report.proof)}\n`,
    );
  }
}
