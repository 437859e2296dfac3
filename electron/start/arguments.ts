import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InferenceDevice } from '../../renderer/bridge/window.ts';

/** What a start of the app was asked for on its command line. */
export interface StartArguments {
  /** Absolute path of the scene to open. */
  readonly scene?: string | undefined;
  /** Absolute path of a checkpoint (--model FILE); of a model's ID the last part is the ID. */
  readonly model?: string | undefined;
  /** What refines (--device auto|webgpu|cpu); anything else is `auto`. */
  readonly device: InferenceDevice;
  /** Absolute path of a render job (--render-job FILE). */
  readonly renderJob?: string | undefined;
  /** Try adapter, compute, worker, model and writing, and end with 0 or 1 (--self-test). */
  readonly selfTest: boolean;
  /** Absolute path of another catalogue of models (--model-catalogue FILE); for tests. */
  readonly modelCatalogue?: string | undefined;
  /** Absolute path of another scene that opens where none is named (--sample FILE); for tests. */
  readonly sample?: string | undefined;
}

/** Switches of ours that take a value as the next argument. */
const VALUE_SWITCHES = new Set(['--device', '--model', '--model-catalogue', '--render-job', '--sample']);

/**
 * Reads the arguments after the executable. `appFolder` is the folder given to an unpackaged Electron, which is no
 * scene.
 * Chromium's own switches are passed over.
 */
export function readArguments(
  argv: readonly string[],
  workingFolder: string,
  appFolder: string | undefined,
): StartArguments {
  const values = new Map<string, string>();
  let scene: string | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index];
    const [name = '', inline] = argument.split(/=(.*)/s, 2);
    if (VALUE_SWITCHES.has(name)) {
      const value = inline ?? argv[(index += 1)];
      if (value !== undefined) values.set(name, name === '--device' ? value : resolve(workingFolder, value));
    } else if (!argument.startsWith('-')) {
      const path = resolve(workingFolder, argument);
      if (path !== appFolder) scene ??= path;
    }
  }
  const device = values.get('--device');
  return {
    scene,
    model: values.get('--model'),
    device: device === 'webgpu' || device === 'cpu' ? device : 'auto',
    renderJob: values.get('--render-job'),
    selfTest: argv.includes('--self-test'),
    modelCatalogue: values.get('--model-catalogue'),
    sample: values.get('--sample'),
  };
}

/** Whether a path names a file; used for the system's open-file events, which may name folders. */
export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
