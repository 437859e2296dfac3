import { fileStem } from '../../../core/writable-formats.ts';
import { describeModelInWorker } from '../../../workers/scene-client.ts';
import type { ModelFile } from '../../../bridge/files.ts';
import { readModel } from '../../document/model-choice.ts';
import type { ModelInfo } from '../../../bridge/models.ts';

/** How many splats models make of each one, by the batch's names for them. */
export class ModelCopies {
  private readonly byName = new Map<string, number>();

  /** 1 where nothing is known of the model. */
  of(name: string): number {
    return this.byName.get(name) ?? 1;
  }

  learnListed(infos: readonly Pick<ModelInfo, 'fileName' | 'copies'>[]): void {
    for (const { fileName, copies } of infos) this.byName.set(fileStem(fileName), copies);
  }

  /** Looks into a checkpoint that is on no list. Throws `io` and `model-invalid`. */
  async learnFile(file: ModelFile): Promise<void> {
    this.byName.set(fileStem(file.name), file.model?.copies ?? (await lookInto(file)));
  }
}

async function lookInto(file: ModelFile): Promise<number> {
  return (await describeModelInWorker(await readModel(file, {}))).copies;
}
