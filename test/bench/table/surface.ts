import { createScene, shRestCount } from '../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { writeSceneAtomically } from '../../../renderer/io/node-write-scene.ts';
import { rangesOf } from '../../../renderer/io/scene-ranges.ts';
import { encodeInriaPly } from '../../../renderer/io/write-inria-ply.ts';
import { seededRandom } from '../../seeded-random.ts';

/** Writes a generated scene: node test/bench/run.mjs table/surface SPLATS OUT.ply */
export async function main([splats, output]: readonly string[]): Promise<void> {
  const content = await encodeInriaPly(rangesOf(surface(Number(splats))));
  await writeSceneAtomically(output, { content }, { overwrite: true });
}

/**
 * Makes a closed surface with bumps as a fit leaves it, SH degree 3: flat splats along it, the more the smaller, nearly
 * all of them opaque.
 */
function surface(count: number): SplatScene {
  const random = seededRandom(1);
  const signed = (): number => random() * 2 - 1;
  const scene = createScene(count, 3, { antialiased: false, up: 'z', format: 'generated', name: 'generated' });
  const { positions, logScales, quats, logitOpacities, shDc, shRest } = scene;
  const width = Math.log(Math.sqrt((4 * Math.PI) / count));
  for (let i = 0; i < count; i++) {
    const z = signed();
    const azimuth = Math.PI * signed();
    const across = Math.sqrt(1 - z * z);
    const radius = 1 + 0.1 * Math.sin(5 * azimuth) * across + 0.05 * Math.sin(9 * z);
    positions.set([radius * across * Math.cos(azimuth), radius * across * Math.sin(azimuth), radius * z], 3 * i);
    logScales.set([width + 0.5 * signed(), width + 0.5 * signed(), width - 2 + 0.5 * signed()], 3 * i);
    // Turns the thin axis, z, into the direction from the centre.
    const half = Math.acos(z) / 2;
    quats.set([Math.cos(half), -Math.sin(half) * Math.sin(azimuth), Math.sin(half) * Math.cos(azimuth), 0], 4 * i);
    logitOpacities[i] = 3 + 2 * signed();
    const shade = Math.sin(12 * azimuth) * Math.sin(12 * z);
    shDc.set([shade + 0.3 * signed(), 0.5 * shade + 0.3 * signed(), 0.3 * signed()], 3 * i);
  }
  for (let i = 0; i < count * 3 * shRestCount(3); i++) shRest[i] = 0.1 * signed();
  return scene;
}
