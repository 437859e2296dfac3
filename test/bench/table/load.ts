import { open } from '../tiled-scene.ts';
import { startClock, tellFigures } from './figures.ts';

/** Reads a scene: node test/bench/run.mjs table/load SCENE */
export async function main([path]: readonly string[]): Promise<void> {
  const clock = startClock();
  const { count } = await open(path);
  tellFigures({ splats: count, ...clock() });
}
