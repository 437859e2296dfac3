import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../../../../electron/files/places.ts';
import { readSceneAt } from '../../../../electron/files/project-scene.ts';
import { ProjectZip } from '../../../../electron/files/project-zip.ts';
import { SplatError } from '../../../../renderer/core/errors.ts';
import { keepRows } from '../../../../renderer/core/keep-rows.ts';
import { SCENE_ARRAYS } from '../../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../../renderer/core/splat-scene.ts';
import { addStep, startHistory } from '../../../../renderer/edit/history.ts';
import { HistoryPacker } from '../../../../renderer/project/pack-history.ts';
import { PartNames } from '../../../../renderer/project/parts.ts';
import { writeProject } from '../../../../renderer/project/project-schema.ts';
import type { SceneVersion } from '../../../../renderer/project/scene-version.ts';
import { applyResiduals } from '../../../../renderer/refine/residual-blend.ts';
import { dataPath } from '../../../test-data.ts';
import { refinementOf, residualsOf } from '../../app/document/refinement.ts';
import { bitsOf } from '../../io/fixtures.ts';

let folder: string;
let scenePath: string;
let projectPath: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-project-scene-'));
  scenePath = join(folder, 'chair.ply');
  projectPath = join(folder, 'chair.sfproj');
  copyFileSync(dataPath('scenes/sample.ply'), scenePath);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a project in which every second splat was deleted and the rest refined. Resolves with its scene. */
async function writeWork(): Promise<SplatScene> {
  const source = await readSceneAt(scenePath);
  const first: SceneVersion = { original: source, refined: undefined, selection: undefined, region: 'auto' };
  const original = keepRows(
    source,
    Uint8Array.from({ length: source.count }, (_, i) => i & 1),
  );
  const residuals = residualsOf(original.count);
  const settings = { ...refinementOf(original).settings, strength: 0.5 };
  const scene = applyResiduals(original, residuals, settings.strength, settings.switches);
  const refined = { ...refinementOf(original), residuals, settings, scene };
  const history = addStep(startHistory('Open', first), { label: 'Refine', state: { ...first, original, refined } });
  const packed = await new HistoryPacker(new PartNames()).pack(history, source, {
    budgetBytes: 2 ** 30,
    pause: () => Promise.resolve(),
  });
  if (packed === undefined) throw new Error('Nothing was packed.');
  const zip = new ProjectZip();
  const pieces = [...packed.parts.values()].flatMap(({ id, bytes }) => zip.add(id, bytes(), true));
  const description = writeProject({
    app: '0.1.0',
    places: { scene: { relative: 'chair.ply', absolute: scenePath, identity: await identityOf(scenePath) } },
    state: {
      sceneName: 'chair.ply',
      history: packed.record,
      held: {},
      shown: 'after',
      up: '-z',
      pose: { position: [0, 0, 2], target: [0, 0, 0], orientation: [0, 0, 0, 1], fovYDegrees: 50 },
      ...{ panel: '', showGrid: false, showAxes: false, features: {} },
    },
  });
  writeFileSync(projectPath, Buffer.concat([...pieces, ...zip.end(description)]));
  return scene;
}

describe('the scene of a project', () => {
  it('is what was made of its file, bit for bit, by the chosen axis', async () => {
    const made = await writeWork();
    const scene = await readSceneAt(projectPath);
    for (const name of SCENE_ARRAYS) expect(bitsOf(scene[name])).toEqual(bitsOf(made[name]));
    expect(scene.meta).toMatchObject({ up: '-z', upIsGuessed: false });
  });

  it.skipIf(process.platform === 'win32')('is not waited for where a project names a pipe', async () => {
    await writeWork();
    rmSync(scenePath);
    execFileSync('mkfifo', [scenePath]);
    await expect(readSceneAt(projectPath)).rejects.toThrow('which was not found.');
  });

  it('is refused where its file changed or is gone, and says which file that is', async () => {
    await writeWork();
    appendFileSync(scenePath, 'x');
    const refusal = (): Promise<string> =>
      readSceneAt(projectPath).then(
        () => '',
        (error: unknown) => (error instanceof SplatError ? error.sentence : String(error)),
      );
    expect(await refusal()).toContain('chair.sfproj is a project about chair.ply, which changed since.');
    rmSync(scenePath);
    expect(await refusal()).toContain('which was not found. Put chair.ply as it was beside the project');
  });
});
