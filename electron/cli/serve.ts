import { createInterface } from 'node:readline';
import { z } from 'zod';
import { SplatError, throwIfAborted, toSplatError } from '../../renderer/core/errors.ts';
import { checkJson, parseJson } from '../../renderer/core/json.ts';
import { UP_AXES } from '../../renderer/core/up-axes.ts';
import type { InferenceBackend } from '../../renderer/refine/backend.ts';
import { createNodeBackend } from '../../renderer/refine/backend-node.ts';
import { noiseFloorSchema } from '../../renderer/refine/manifest.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';
import { regionSchema } from '../../renderer/refine/region-choice.ts';
import { refineScene } from '../../renderer/refine/refine-scene.ts';
import { refineFile } from '../jobs/refine-file.ts';
import { locateModel, openModel } from '../models/open-model.ts';
import { formatOfOutput, parseCommandLine } from './arguments.ts';
import { FilesRead } from '../files/files-read.ts';
import { cameraFilesAt, readEvidenceAt } from './cameras.ts';
import { cancellable } from './cancel.ts';
import { LineLimit } from './line-limit.ts';
import type { Outcome } from './refine/outcome.ts';
import { failed, refined } from './refine/outcome.ts';
import { terminal } from './terminal.ts';

/** What a line of standard input asks for. */
const requestSchema = z.strictObject({
  input: z.string().min(1),
  output: z.string().min(1),
  model: z.string().min(1).optional(),
  strength: z.number().min(0).max(1.5).default(1),
  up: z.enum(UP_AXES).optional(),
  region: regionSchema.default('auto'),
  cameras: z.string().min(1).optional(),
  noiseFloor: noiseFloorSchema.optional(),
});
type Request = z.infer<typeof requestSchema>;

/** The answer to a line that is no request names no scene. */
export type ServeAnswer = Outcome | Pick<Outcome, 'ok' | 'error'>;

/**
 * `serve`: one JSON request a line on standard input, one JSON answer a line on standard output, in their order, until
 * the input ends. A program that has many scenes refined starts one process and loads each model once.
 */
export async function serve(args: string[]): Promise<number> {
  if (parseCommandLine(args, {}).positionals.length > 0)
    throw new SplatError('usage', 'serve takes no arguments.', 'Give it requests on standard input, a line each.');
  return cancellable(async (signal) => {
    const limited = process.stdin.pipe(new LineLimit());
    const lines = createInterface({ input: limited, crlfDelay: Infinity });
    const close = (): void => {
      lines.close();
      // What is still read from would keep the process alive.
      process.stdin.unpipe(limited);
      process.stdin.pause();
    };
    signal.addEventListener('abort', close);
    try {
      const allWell = await answerLines(lines, (answer) => terminal.result(JSON.stringify(answer)), signal);
      throwIfAborted(signal, 'Serving');
      return allWell ? 0 : 1;
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  });
}

/**
 * Answers requests one after the other; a failed one does not stop the others.
 * @returns whether all went well
 */
export async function answerLines(
  lines: AsyncIterable<string>,
  onAnswer: (answer: ServeAnswer) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const backend = createNodeBackend();
  const models = new Map<string | undefined, RefineModel>();
  let allWell = true;
  for await (const line of lines) {
    if (signal.aborted) break;
    if (line.trim() === '') continue;
    const answer = await answerTo(line, backend, models, signal);
    if (signal.aborted) break;
    allWell &&= answer.ok;
    onAnswer(answer);
  }
  return allWell;
}

async function answerTo(
  line: string,
  backend: InferenceBackend,
  models: Map<string | undefined, RefineModel>,
  signal: AbortSignal,
): Promise<ServeAnswer> {
  let request: Request;
  try {
    request = parseRequest(line);
  } catch (error) {
    const { code, sentence } = toSplatError(error, 'usage', 'The request could not be read');
    return { ok: false, error: { code, message: sentence } };
  }
  const { input, output, strength, up, region, noiseFloor } = request;
  try {
    const read = new FilesRead();
    await read.addModel((await locateModel(request.model)).path);
    if (request.cameras !== undefined) await read.add(...(await cameraFilesAt(request.cameras)));
    const cameras = request.cameras === undefined ? undefined : await readEvidenceAt(request.cameras);
    const model = models.get(request.model) ?? (await openModel(request.model));
    models.set(request.model, model);
    const { report, notes } = await refineFile(input, output, {
      refine: (scene, options) => refineScene(scene, model, backend, { ...options, noiseFloor }),
      format: formatOfOutput(output),
      strength,
      up,
      region,
      cameras,
      read,
      overwrite: true,
      signal,
    });
    return refined({ input, output }, report, notes);
  } catch (error) {
    return failed({ input, output }, toSplatError(error, 'io', `${input} could not be refined`));
  }
}

/** @throws SplatError `usage` that names the first fields that are wrong */
export function parseRequest(line: string): Request {
  const request = { name: 'A request', what: 'one', advice: 'Give one JSON object a line.', code: 'usage' } as const;
  return checkJson(request, parseJson(request, line), requestSchema);
}
