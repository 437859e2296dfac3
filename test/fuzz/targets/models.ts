import { readFileSync } from 'node:fs';
import { describeCheckpoint, loadModel } from '../../../renderer/refine/model.ts';
import { hashedStateDict } from '../../models/hashed-weights.ts';
import { writeCheckpoint } from '../../models/write-checkpoint.ts';
import { dataPath } from '../../test-data.ts';
import type { Seed, Target } from '../target.ts';

/** Readers of checkpoints and their description files. */
export const MODEL_TARGETS: readonly Target[] = [
  { name: 'checkpoint', inputsInTests: 60, seeds: checkpointSeeds },
  { name: 'sidecar', inputsInTests: 60, seeds: sidecarSeeds },
];

const WIDTHS = { encoder: [4, 8], decoder: [4], encoderDepths: [1, 1], decoderDepths: [1], shDegree: 0 } as const;

const SIDECAR = {
  ...(JSON.parse(readFileSync(dataPath('parity/small/model.json'), 'utf8')) as object),
  shDegree: 0,
  encoderDepths: [1, 1],
  encoderHeads: [1, 2],
  decoderDepths: [1],
  decoderHeads: [1],
  strides: [1],
};

function checkpointSeeds(): Seed[] {
  const tensors = hashedStateDict(WIDTHS, 1);
  const few = new Map([...tensors].filter(([name]) => /embedding|enc0\.block0\.norm/.test(name)));
  return [
    {
      name: 'small.pth',
      bytes: writeCheckpoint(tensors),
      read: (damaged) => loadModel(damaged, SIDECAR, 'small'),
    },
    {
      name: 'few.pth',
      isRefused: true,
      bytes: writeCheckpoint(few, { inStateDict: true, prefix: 'module.' }),
      read: (damaged) => describeCheckpoint(damaged, null, 'few'),
    },
  ];
}

function sidecarSeeds(): Seed[] {
  const checkpoint = writeCheckpoint(hashedStateDict(WIDTHS, 1));
  return [
    {
      name: 'small.json',
      bytes: new TextEncoder().encode(JSON.stringify(SIDECAR)),
      read: (damaged) => describeCheckpoint(checkpoint, parsed(damaged), 'small'),
    },
  ];
}

/** A parsed file; the callers of `describeCheckpoint` parse it. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
