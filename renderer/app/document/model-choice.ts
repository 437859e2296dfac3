import { SplatError } from '../../core/errors.ts';
import { requireCheckpointSize } from '../../refine/checkpoint.ts';
import { sidecarJson } from '../../refine/manifest.ts';
import type { RefineModel } from '../../refine/model.ts';
import type { JobOptions } from '../../core/progress.ts';
import type { ModelFile } from '../../bridge/files.ts';
import { fileStem } from '../../core/writable-formats.ts';
import { loadModelInWorker } from '../../workers/scene-client.ts';
import { readFile } from '../desktop.ts';
import type { ModelBytes } from '../../bridge/inference-messages.ts';

/**
 * The checkpoint that Refine uses. Which model is in memory is decided here alone: its bytes are read at the first need
 * and kept until another is chosen.
 */
export class ModelChoice {
  private file: ModelFile | undefined;
  private loaded: ModelBytes | undefined;

  constructor(
    private readonly shipped: ModelFile | undefined,
    named: ModelFile | undefined,
  ) {
    this.file = named ?? shipped;
  }

  get isAvailable(): boolean {
    return this.file !== undefined;
  }

  get usesDefault(): boolean {
    return this.file?.id === this.shipped?.id || (this.id !== undefined && this.id === this.shipped?.model?.id);
  }

  get name(): string {
    return this.file === undefined ? '' : (this.file.model?.name ?? fileStem(this.file.name));
  }

  /** ID in the registry of models; a checkpoint named on the command line has none. */
  get id(): string | undefined {
    return this.file?.model?.id;
  }

  get current(): ModelFile | undefined {
    return this.file;
  }

  choose(file: ModelFile | undefined): void {
    this.file = file ?? this.shipped;
    if (this.loaded?.id !== this.file?.id) this.loaded = undefined;
  }

  async read(options: JobOptions): Promise<ModelBytes> {
    const { file } = this;
    if (file === undefined)
      throw new SplatError(
        'model-invalid',
        'There is no model to refine with.',
        'Choose one with Model > Open Checkpoint.',
      );
    if (this.loaded?.id !== file.id) this.loaded = await readModel(file, options);
    return this.loaded;
  }
}

const decoded = new WeakMap<ModelBytes, RefineModel>();

/**
 * The network of a checkpoint, decoded in a worker at the first need. It is in memory as long as the bytes are, and
 * always the same object: the refine worker is sent it once. Throws `model-invalid` and `cancelled`.
 */
export async function decodedModel(model: ModelBytes, signal: AbortSignal | undefined): Promise<RefineModel> {
  const known = decoded.get(model) ?? (await loadModelInWorker(model, { signal }));
  decoded.set(model, known);
  return known;
}

/** A checkpoint's bytes and what its description file says. Throws `io`, `model-invalid` and `cancelled`. */
export async function readModel(file: ModelFile, options: JobOptions): Promise<ModelBytes> {
  requireCheckpointSize(file.size, file.sidecar?.size);
  const bytes = new Uint8Array(await readFile(file, options));
  const sidecar =
    file.sidecar === undefined ? null : sidecarJson(new TextDecoder().decode(await readFile(file.sidecar)));
  return { id: file.id, name: file.model?.name ?? fileStem(file.name), bytes, sidecar };
}
