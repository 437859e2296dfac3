import type { ShDegree, SplatScene } from './splat-scene.ts';
import { arrayWidth, createScene, SCENE_ARRAYS } from './splat-scene.ts';

/** The splats of scenes one after the other, at the highest degree among them, with the facts of the first. */
export function concatenateScenes(scenes: readonly SplatScene[]): SplatScene {
  if (scenes.length === 1) return scenes[0];
  const count = scenes.reduce((sum, scene) => sum + scene.count, 0);
  const shDegree = scenes.reduce<ShDegree>((most, scene) => (scene.shDegree > most ? scene.shDegree : most), 0);
  const all = createScene(count, shDegree, scenes[0].meta);
  let first = 0;
  for (const scene of scenes) {
    for (const name of SCENE_ARRAYS) {
      const [narrow, wide] = [arrayWidth(name, scene.shDegree), arrayWidth(name, shDegree)];
      if (narrow === wide) all[name].set(scene[name], first * wide);
      else
        for (let row = 0; row < scene.count; row++)
          all[name].set(scene[name].subarray(row * narrow, (row + 1) * narrow), (first + row) * wide);
    }
    first += scene.count;
  }
  return all;
}
