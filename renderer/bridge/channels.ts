import { z } from 'zod';
import { BATCH_CHANNEL_ARGUMENTS } from '../../electron/batch/channels.ts';
import { CAPTURE_CHANNEL_ARGUMENTS } from '../../electron/capture-channels.ts';
import { MAX_CHUNK_BYTES } from '../../electron/files/files.ts';
import { ownModelSchema } from '../../electron/models/registry.ts';
import { REFINE_JOB_CHANNEL_ARGUMENTS } from '../../electron/jobs/refine-job.ts';
import { viewSettingsSchema } from '../../electron/settings.ts';
import { SHOW_CHANNEL_ARGUMENTS } from '../../electron/show/channels.ts';

const id = z.uuid();
const bytes = z.instanceof(Uint8Array);
const modelId = z.string().min(1).max(64);
const commandIds = z.array(z.string().max(64)).max(500);

/** Arguments of every message that the page may send, by channel. A message that does not fit is refused unheard. */
export const CHANNEL_ARGUMENTS = {
  startUp: z.tuple([]),
  reportGraphics: z.tuple([
    z.strictObject({ usable: z.boolean(), description: z.string().max(2000), isSoftware: z.boolean() }),
  ]),
  showOpenScene: z.tuple([]),
  showOpenModel: z.tuple([]),
  /** The path comes from the preload script (webUtils.getPathForFile of a real dropped file), not from the page. */
  openDropped: z.tuple([z.string().min(1).max(4096)]),
  openDroppedModel: z.tuple([z.string().min(1).max(4096)]),
  readChunk: z.tuple([id, z.int().min(0), z.int().min(0).max(MAX_CHUNK_BYTES)]),
  closeFile: z.tuple([id]),
  showSave: z.tuple([
    z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^/\\\0]+$/),
    id.optional(),
  ]),
  writeChunk: z.tuple([id, bytes]),
  finishSave: z.tuple([id]),
  abandonSave: z.tuple([id]),
  rememberView: z.tuple([viewSettingsSchema]),
  rememberScene: z.tuple([id]),
  setMenuState: z.tuple([
    z.strictObject({
      disabled: commandIds,
      checked: commandIds,
      labels: z.record(z.string().max(64), z.string().max(200)),
    }),
  ]),
  setUnsavedWork: z.tuple([z.enum(['nothing', 'changes', 'save'])]),
  savedToLeave: z.tuple([z.boolean()]),
  copyText: z.tuple([z.string().max(1 << 20)]),
  recentLog: z.tuple([]),
  log: z.tuple([z.enum(['info', 'warning', 'error']), z.string().max(20_000)]),
  reportRenderJob: z.tuple([
    z.strictObject({
      stage: z.string().max(4000),
      fraction: z.number().min(0).max(1),
      remainingSeconds: z.number().optional(),
    }),
  ]),
  finishRenderJob: z.tuple([bytes]),
  failRenderJob: z.tuple([z.string().max(4000)]),
  ...REFINE_JOB_CHANNEL_ARGUMENTS,
  ...SHOW_CHANNEL_ARGUMENTS,
  connectInference: z.tuple([]),
  stopInference: z.tuple([]),
  ...BATCH_CHANNEL_ARGUMENTS,
  ...CAPTURE_CHANNEL_ARGUMENTS,
  listModels: z.tuple([]),
  openModel: z.tuple([modelId]),
  chooseModel: z.tuple([modelId]),
  rememberModel: z.tuple([id, ownModelSchema.omit({ path: true })]),
  forgetModel: z.tuple([modelId]),
  downloadModel: z.tuple([modelId]),
  cancelModelDownload: z.tuple([modelId]),
  removeModel: z.tuple([modelId]),
  openModelPage: z.tuple([modelId]),
  memory: z.tuple([]),
} as const;

export type Channel = keyof typeof CHANNEL_ARGUMENTS;
export type ChannelArguments<C extends Channel> = z.infer<(typeof CHANNEL_ARGUMENTS)[C]>;

/** Messages from main to the page. */
export const PUSH_CHANNELS = {
  command: 'command',
  openScene: 'open-scene',
  inferencePort: 'inference-port',
  batch: 'batch',
  batchPort: 'batch-port',
  modelChanged: 'model-changed',
  saveToLeave: 'save-to-leave',
} as const;
