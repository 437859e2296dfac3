import { MESSAGES } from '../../../renderer/bridge/desktop.ts';
import type { Channel } from '../../../renderer/bridge/desktop.ts';
import { renderJobSchema } from '../../../renderer/bridge/jobs.ts';
import type { Seed, Target } from '../target.ts';

/** What a page that is taken over may send, and what a job's file may hold: refused or accepted, in bounds. */
export const BRIDGE_TARGETS: readonly Target[] = [
  { name: 'messages', inputsInTests: 200, isNeverRefused: true, seeds: messageSeeds },
  { name: 'render-job', inputsInTests: 100, isNeverRefused: true, seeds: jobSeeds },
];

const ID = '00000000-0000-4000-8000-000000000001';
/** Values that structured cloning carries and JSON does not, by what stands for them in a seed. */
const CLONED: Readonly<Record<string, () => unknown>> = {
  '@bytes': () => new Uint8Array(8),
  '@nan': () => NaN,
  '@big': () => 2n ** 70n,
  '@map': () => new Map([[1, { a: 1 }]]),
  '@date': () => new Date(NaN),
  '@cycle': () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    return cycle;
  },
};

/** Parameters of which most messages find theirs. */
const PARAMETERS: readonly (readonly unknown[])[] = [
  [],
  [ID],
  [ID, 0, 100],
  [ID, '@bytes'],
  [ID, '@bytes', 0],
  [ID, 'text'],
  ['name.ply', ID],
  ['text'],
  [0],
  ['start'],
  ['cancel', [ID]],
  [ID, 'input'],
  [['/a.ply', '/b.ply']],
  [{ pattern: '{name}', strength: 1, modelId: null }],
  ['picture', 'a.png'],
  [{ stage: 'Refining', fraction: 0.5 }],
  [0, { ok: true, report: { a: 1 }, notes: ['x'] }],
  ['@bytes'],
  ['@nan', '@big', '@map', '@date', '@cycle'],
];

function messageSeeds(): Seed[] {
  return (Object.keys(MESSAGES) as Channel[]).map((channel) => {
    const { parameters } = MESSAGES[channel];
    const fitting = PARAMETERS.find((list) => parameters.safeParse(list.map(cloned)).success) ?? [ID, {}];
    return {
      name: channel,
      bytes: new TextEncoder().encode(JSON.stringify(fitting)),
      read: (damaged) => {
        const list = parsed(damaged);
        if (Array.isArray(list)) parameters.safeParse(list.map(cloned));
      },
    };
  });
}

function cloned(value: unknown): unknown {
  return typeof value === 'string' && Object.hasOwn(CLONED, value) ? CLONED[value]() : value;
}

function jobSeeds(): Seed[] {
  const camera = { worldToView: new Array<number>(16).fill(0), fx: 1, fy: 1, cx: 0, cy: 0 };
  const places = { scene: 'a.ply', out: 'o.png', background: [0, 0, 0] };
  const view = { image: 'a', photo: 'a.png', camera: { ...camera, width: 8, height: 8, sizeIsKnown: true } };
  const jobs = {
    render: { kind: 'render', ...places, camera, width: 8, height: 8 },
    metrics: { kind: 'metrics', ...places, views: [view, view] },
    refine: {
      kind: 'refine',
      items: [{ input: 'a.ply', output: 'b.ply' }],
      model: 'm.pth',
      strength: 1,
      region: { centre: [0, 0, 0], radius: 1 },
      format: 'inria-ply',
      comment: 'x',
    },
  };
  return Object.entries(jobs).map(([name, job]) => ({
    name: `${name}.json`,
    bytes: new TextEncoder().encode(JSON.stringify(job)),
    read: (damaged) => renderJobSchema.safeParse(parsed(damaged)),
  }));
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
