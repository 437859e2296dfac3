import { openModel } from '../../../electron/models/open-model.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { open } from '../tiled-scene.ts';
import { startClock, tellFigures } from './figures.ts';

/** Refines a scene with the shipped weights on the CPU, checks included: node test/bench/run.mjs table/refine SCENE */
export async function main([path]: readonly string[]): Promise<void> {
  const scene = await open(path);
  const clock = startClock();
  const model = await openModel();
  let network = { wall: 0, processors: 0 };
  let inNetwork: ReturnType<typeof startClock> | undefined;
  await refineScene(scene, model, createNodeBackend(), {
    up: 'z',
    onProgress: ({ stage }) => {
      if (stage === 'network') inNetwork ??= startClock();
      else if (inNetwork !== undefined) {
        const { wall, processors } = inNetwork();
        network = { wall: network.wall + wall, processors: network.processors + processors };
        inNetwork = undefined;
      }
    },
  });
  tellFigures({ ...clock(), networkWall: network.wall, networkProcessors: network.processors });
}
