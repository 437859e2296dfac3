import { ProjectZip, readProjectBytes } from '../../../electron/files/project-zip.ts';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { addStep, startHistory } from '../../../renderer/edit/history.ts';
import { HistoryPacker } from '../../../renderer/project/pack-history.ts';
import { PartNames } from '../../../renderer/project/parts.ts';
import type { Part } from '../../../renderer/project/parts.ts';
import { parseProject, writeProject } from '../../../renderer/project/project-schema.ts';
import type { SceneVersion } from '../../../renderer/project/scene-version.ts';
import { unpackHistory } from '../../../renderer/project/unpack-history.ts';
import { applyResiduals } from '../../../renderer/refine/residual-blend.ts';
import { refinementOf } from '../../unit/app/document/refinement.ts';
import { randomScene } from '../../unit/io/fixtures.ts';
import type { Seed, Target } from '../target.ts';

/** Readers of projects, which people send one another, and of the session that a crash left. */
export const PROJECT_TARGETS: readonly Target[] = [
  { name: 'project', inputsInTests: 100, seeds: async () => [projectSeed(await work())] },
  { name: 'session', inputsInTests: 100, seeds: async () => sessionSeeds(await work()) },
];

interface Kept {
  readonly description: string;
  readonly parts: ReadonlyMap<string, Part>;
}

const source = randomScene(12, 1);

/** An opened scene of which a person selected, deleted, refined and went on with the answer. */
async function work(): Promise<Kept> {
  const keep = Uint8Array.from({ length: source.count }, (_, i) => Number(i % 3 !== 0));
  const opened: SceneVersion = { original: source, refined: undefined, selection: undefined, region: 'auto' };
  const selected = { ...opened, selection: keep };
  const deleted = { ...opened, original: keepRows(source, keep), region: 'all' as const };
  const refinement = refinementOf(deleted.original);
  const { residuals, settings } = refinement;
  const blended = applyResiduals(deleted.original, residuals, settings.strength, settings.switches, settings.mask);
  const refined = { ...deleted, refined: { ...refinement, scene: blended } };
  const label = { name: 'label', type: 'ushort', values: Uint16Array.from({ length: 5 }, (_, i) => i) } as const;
  const made = { ...opened, original: { ...randomScene(5, 0), extra: [label] } };
  let history = startHistory('Open', opened);
  for (const [name, state] of Object.entries({ selected, deleted, refined, made }))
    history = addStep(history, { label: name, state });
  let count = 0;
  const packed = await new HistoryPacker(new PartNames(() => `part-${count++}`)).pack(history, source);
  if (packed === undefined) throw new Error('the history was not packed');
  const { record, parts } = packed;
  const state = {
    sceneName: 'a.ply',
    history: record,
    held: { opened: 0 },
    shown: 'after' as const,
    pose: { position: [0, 1, 2], target: [0, 0, 0], orientation: [0, 0, 0, 1], fovYDegrees: 50 } as const,
    panel: 'edit',
    showGrid: true,
    showAxes: false,
    features: { show: { kind: 'path' } },
  };
  const places = {
    scene: { relative: '../a.ply', absolute: '/scans/a.ply', identity: { size: 3, digest: 'ab'.repeat(32) } },
  };
  return { description: writeProject({ app: '0.1.0', places, state }), parts };
}

function projectSeed({ description, parts }: Kept): Seed {
  const zip = new ProjectZip();
  const pieces = [...parts].flatMap(([id, part]) => zip.add(id, part.bytes(), true));
  const bytes = new Uint8Array(Buffer.concat([...pieces, ...zip.end(description)]));
  return {
    name: 'a.sfproj',
    bytes,
    read: async (damaged) => {
      const at = (offset: number, length: number): Uint8Array => damaged.slice(offset, offset + length);
      const project = await readProjectBytes((...place) => Promise.resolve(at(...place)), damaged.length, 'a.sfproj');
      const places = new Map(project.parts.map(({ id, offset, size }) => [id, at(offset, size)]));
      await unpacked(project.description, (id) => places.get(id));
    },
  };
}

/** Its description and each of its parts damaged while the others are sound: no checksum guards these. */
function sessionSeeds({ description, parts }: Kept): Seed[] {
  const bytesOf = (id: string): Uint8Array | undefined => parts.get(id)?.bytes();
  const text = new TextEncoder().encode(description);
  return [
    { name: 'project.json', bytes: text, read: (damaged) => unpacked(new TextDecoder().decode(damaged), bytesOf) },
    ...[...parts.values()].map(({ id, bytes }) => ({
      name: `${id}.bin`,
      bytes: bytes(),
      read: (damaged: Uint8Array) => unpacked(description, (wanted) => (wanted === id ? damaged : bytesOf(wanted))),
    })),
  ];
}

async function unpacked(description: string, bytesOf: (id: string) => Uint8Array | undefined): Promise<void> {
  const { state } = parseProject(description, 'a.sfproj');
  if (state.history === undefined) return;
  const { history, scenes } = await unpackHistory(state.history, {
    name: 'a.sfproj',
    source: () => Promise.resolve(source),
    read: (id) => {
      const bytes = bytesOf(id);
      return bytes === undefined ? undefined : Promise.resolve(new Uint8Array(bytes).buffer);
    },
    blend: (scene, residuals, { strength, switches, mask }) =>
      Promise.resolve(applyResiduals(scene, residuals, strength, switches, mask)),
  });
  for (const { state: version } of history.steps)
    if (!scenes.includes(version.original)) throw new Error('a step shows a scene that the project does not hold');
}
