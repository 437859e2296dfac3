import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createNodeBackend } from '../../renderer/refine/backend-node.ts';
import { publishedSidecar } from '../../renderer/refine/manifest.ts';
import { modelFromTensors } from '../../renderer/refine/model.ts';
import { refineScene } from '../../renderer/refine/refine-scene.ts';
import { referenceTensors } from '../models/reference-models.ts';
import { open } from './tiled-scene.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * The published widths, hashed weights, two threads each: native CPU beside PyTorch with the project's own network.py,
 * one after the other: node test/bench/run.mjs published SCENE.ply
 */
export async function main([path]: readonly string[]): Promise<void> {
  const python = join(ROOT, '.cache/python/bin/python');
  const torch = execFileSync(python, [join(import.meta.dirname, 'published.py'), path], {
    encoding: 'utf8',
    // Threads that wait would spin, and count as computing, where something else holds a core.
    env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
  });
  process.stdout.write(`PyTorch: ${torch}`);
  const model = modelFromTensors(referenceTensors.full(), publishedSidecar('splatformer', 1), 'published');
  const backend = createNodeBackend({ threads: 2 });
  let [cpu, stage, seconds] = [process.cpuUsage(), '', 0];
  const scene = await open(path);
  const { report } = await refineScene(scene, model, backend, {
    region: 'all',
    onProgress: (progress) => {
      const { user, system } = process.cpuUsage(cpu);
      if (stage === 'network') seconds += (user + system) / 1e6;
      [cpu, stage] = [process.cpuUsage(), progress.stage];
    },
  });
  const peak = process.resourceUsage().maxRSS / 1000;
  process.stdout.write(
    `native: ${seconds.toFixed(1)} CPU s, ${(report.milliseconds.network / 1000).toFixed(1)} s, ` +
      `${peak.toFixed(0)} MB; ${report.refined} splats\n`,
  );
}
