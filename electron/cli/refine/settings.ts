import { SplatError } from '../../../renderer/core/errors.ts';
import type { WritableFormatId } from '../../../renderer/io/write-scene.ts';
import type { Region } from '../../../renderer/refine/region-choice.ts';
import type { UpAxis } from '../../../renderer/core/up-axes.ts';
import {
  parseCommandLine,
  parseFormat,
  parseRegion,
  parseShard,
  parseStrength,
  parseUp,
  required,
} from '../arguments.ts';
import type { Shard } from '../arguments.ts';

/** What one `refine` was asked to do. */
export interface RefineSettings {
  /** Files, folders and patterns as they were given. */
  readonly inputs: readonly string[];
  readonly directory: string;
  readonly recursive: boolean;
  readonly resume: boolean;
  readonly shard: Shard | undefined;
  readonly model: string | undefined;
  readonly device: RefineDevice;
  readonly strength: number;
  /** What is up in all scenes, whatever their files say; without it see `resolveUp`. */
  readonly up: UpAxis | undefined;
  readonly region: Region;
  /** Camera file of the capture, or the folder that holds it. */
  readonly cameras: string | undefined;
  readonly format: WritableFormatId;
  /** File for the report. */
  readonly report: string | undefined;
  /** One JSON document at the end instead of lines on the way. */
  readonly json: boolean;
}

/** `auto` is the CPU on the command line, which needs no display: WebGPU is used where it is asked for. */
export type RefineDevice = 'auto' | 'cpu' | 'webgpu';

const OPTIONS = {
  'out-dir': { type: 'string' },
  recursive: { type: 'boolean', default: false },
  resume: { type: 'boolean', default: false },
  shard: { type: 'string' },
  model: { type: 'string' },
  device: { type: 'string', default: 'auto' },
  strength: { type: 'string', default: '1' },
  up: { type: 'string' },
  region: { type: 'string', default: 'auto' },
  cameras: { type: 'string' },
  format: { type: 'string', default: 'ply' },
  report: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** @throws SplatError `usage` */
export function parseRefine(args: string[]): RefineSettings {
  const { values, positionals } = parseCommandLine(args, OPTIONS);
  const directory = required(values['out-dir'], '--out-dir DIR');
  if (positionals.length === 0)
    throw new SplatError('usage', 'IN is missing.', 'Name at least one scene file, folder or pattern.');
  return {
    inputs: positionals,
    directory,
    recursive: values.recursive,
    resume: values.resume,
    shard: values.shard === undefined ? undefined : parseShard(values.shard),
    model: values.model,
    device: parseDevice(values.device),
    strength: parseStrength(values.strength),
    up: values.up === undefined ? undefined : parseUp(values.up),
    region: parseRegion(values.region),
    cameras: values.cameras === undefined ? undefined : required(values.cameras, 'The file of --cameras'),
    format: parseFormat(values.format),
    report: values.report === undefined ? undefined : required(values.report, 'The file of --report'),
    json: values.json,
  };
}

function parseDevice(device: string): RefineDevice {
  if (device === 'auto' || device === 'cpu' || device === 'webgpu') return device;
  throw new SplatError('usage', `There is no device "${device}".`, 'Give auto, webgpu or cpu.');
}
