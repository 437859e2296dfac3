import { openFileSource } from '../../../renderer/io/node-source.ts';
import { writeSceneAtomically } from '../../../renderer/io/node-write-scene.ts';
import { openRanges } from '../../../renderer/io/read-scene.ts';
import { surveyScene } from '../../../renderer/io/survey-scene.ts';
import { encodeInriaPly } from '../../../renderer/io/write-inria-ply.ts';
import { startClock, tellFigures } from './figures.ts';

/** Surveys a scene and writes it as `convert` does: node test/bench/run.mjs table/convert SCENE OUT.ply */
export async function main([input, output]: readonly string[]): Promise<void> {
  const clock = startClock();
  const source = await openFileSource(input);
  const scene = await openRanges(source);
  await surveyScene(scene);
  const survey = clock();
  await writeSceneAtomically(output, { content: await encodeInriaPly(scene) }, { overwrite: true });
  await source.close();
  tellFigures({ survey: survey.wall, ...clock() });
}
