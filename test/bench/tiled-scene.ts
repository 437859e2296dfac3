import { openFileSource } from '../../renderer/io/node-source.ts';
import { writeSceneAtomically } from '../../renderer/io/node-write-scene.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { rangesOf } from '../../renderer/io/scene-ranges.ts';
import { encodeInriaPly } from '../../renderer/io/write-inria-ply.ts';
import { boundingBox } from '../../renderer/core/bounds.ts';
import { createScene, SCENE_ARRAYS } from '../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';

/** A large scene with a real one's density: node test/bench/run.mjs tiled-scene SCENE COPIES OUT.ply */
export async function main([input, copies, output]: readonly string[]): Promise<void> {
  const scene = tiled(await open(input), Number(copies));
  await writeSceneAtomically(output, { content: await encodeInriaPly(rangesOf(scene)) }, { overwrite: true });
  process.stdout.write(`${output}: ${scene.count} splats of SH degree ${scene.shDegree}\n`);
}

export async function open(path: string): Promise<SplatScene> {
  const source = await openFileSource(path);
  return readScene(source).finally(() => source.close());
}

/** Copies of a scene side by side in a square on the ground. */
function tiled(scene: SplatScene, copies: number): SplatScene {
  const box = boundingBox(scene);
  if (box === null) throw new Error('the scene has no bounds');
  const across = scene.meta.up === 'z' ? [0, 1] : [0, 2];
  const side = Math.ceil(Math.sqrt(copies));
  const out = createScene(scene.count * copies, scene.shDegree, scene.meta);
  for (let copy = 0; copy < copies; copy++) {
    for (const key of SCENE_ARRAYS) out[key].set(scene[key], copy * scene[key].length);
    const steps = [copy % side, Math.floor(copy / side)];
    across.forEach((axis, i) => {
      const shift = steps[i] * (box.max[axis] - box.min[axis]);
      for (let row = 0; row < scene.count; row++) out.positions[3 * (copy * scene.count + row) + axis] += shift;
    });
  }
  return out;
}
