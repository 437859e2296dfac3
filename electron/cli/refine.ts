import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SplatError, toSplatError } from '../../renderer/core/errors.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';
import { encodeScene } from '../../renderer/io/write-scene.ts';
import { createNodeBackend } from '../../renderer/refine/backend-node.ts';
import type { InferenceBackend } from '../../renderer/refine/backend.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';
import { refineScene } from '../../renderer/refine/refine-scene.ts';
import type { RefineReport } from '../../renderer/refine/refine-scene.ts';
import { parseCommandLine, parseStrength, required } from './arguments.ts';
import { openModel } from './models.ts';
import { openScene } from './open-scene.ts';
import { assertNotAnInput, sceneStem } from './output-files.ts';
import { terminal, terminalProgress } from './terminal.ts';

interface Outcome {
  readonly input: string;
  readonly output: string;
  readonly ok: boolean;
  readonly report?: RefineReport;
  readonly error?: { readonly code: string; readonly message: string };
}

const OPTIONS = {
  'out-dir': { type: 'string' },
  model: { type: 'string' },
  device: { type: 'string', default: 'auto' },
  strength: { type: 'string', default: '1' },
  json: { type: 'boolean' },
} as const;

/** `refine IN... --out-dir DIR`: every input is tried; the exit code is 0 only if all went well. */
export async function refine(args: string[]): Promise<number> {
  const { values, positionals: inputs } = parseCommandLine(args, OPTIONS);
  const directory = required(values['out-dir'], '--out-dir DIR');
  if (inputs.length === 0) throw new SplatError('usage', 'IN is missing.', 'Name at least one scene file.');
  const strength = parseStrength(values.strength);
  assertDevice(values.device);
  const model = await openModel(values.model);
  const backend = await createNodeBackend();
  await mkdir(directory, { recursive: true });
  const outcomes: Outcome[] = [];
  const taken = new Map<string, string>();
  for (const input of inputs) {
    const output = join(directory, `${sceneStem(input)}.ply`);
    const outcome = await refineFile(input, output, { inputs, taken, model, backend, strength });
    outcomes.push(outcome);
    if (values.json !== true) printOutcome(outcome);
  }
  if (values.json === true) terminal.result(JSON.stringify({ results: outcomes }));
  return outcomes.every((outcome) => outcome.ok) ? 0 : 1;
}

interface Job {
  readonly inputs: readonly string[];
  /** Output paths of this run and the input that each belongs to. */
  readonly taken: Map<string, string>;
  readonly model: RefineModel;
  readonly backend: InferenceBackend;
  readonly strength: number;
}

async function refineFile(input: string, output: string, job: Job): Promise<Outcome> {
  const progress = terminalProgress(input);
  try {
    await assertNotAnInput(output, job.inputs);
    const earlier = job.taken.get(output);
    if (earlier !== undefined) {
      throw new SplatError('usage', `${output} already holds the answer for ${earlier}.`, 'Inputs of one run need different names, or runs different output folders.');
    }
    const { scene } = await openScene(input);
    const refined = await refineScene(scene, job.model, job.backend, { strength: job.strength, onProgress: progress.listener });
    await writeFileAtomically(output, await encodeScene(refined.scene, 'inria-ply'), { overwrite: true });
    job.taken.set(output, input);
    return { input, output, ok: true, report: refined.report };
  } catch (error) {
    const failure = toSplatError(error, 'io', `${input} could not be refined`);
    return { input, output, ok: false, error: { code: failure.code, message: failure.sentence } };
  } finally {
    progress.done();
  }
}

function printOutcome(outcome: Outcome): void {
  if (outcome.report === undefined) terminal.note(`${outcome.input}: ${outcome.error?.message ?? 'failed'}`);
  else terminal.result(`${outcome.output}: ${outcome.report.refined.toLocaleString('en')} of ${outcome.report.splats.toLocaleString('en')} splats refined`);
}

function assertDevice(device: string): void {
  if (device === 'auto' || device === 'cpu') return;
  if (device === 'webgpu') {
    throw new SplatError('gpu-unavailable', 'WebGPU needs the app: the command line refines on the CPU only.', 'Use --device auto, or Refine in the app.');
  }
  throw new SplatError('usage', `There is no device "${device}".`, 'Give auto, webgpu or cpu.');
}
