import type { ModelBytes } from '../../../bridge/inference-messages.ts';
import { SplatError, toSplatError } from '../../../core/errors.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { ask } from '../../desktop.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { confirmGrowth } from './confirm-growth.ts';
import { ModelLibrary } from './model-library.ts';

/** Which models there are, getting and removing them, and which one Refine uses. */
export class ModelsFeature implements Feature {
  readonly commands: Feature['commands'];
  private readonly library: ModelLibrary;

  constructor(private readonly context: AppContext) {
    this.library = new ModelLibrary(context);
    context.actions.gates.push((scene, model) => this.mayGrow(scene, model));
    this.commands = {
      'model.manage': () => void this.library.open(),
      'model.open': () => void this.library.add(),
      'model.default': () => void this.library.useDefault(),
    };
  }

  started(): void {
    const { modelProblem } = this.context.startUp;
    if (modelProblem !== undefined) this.context.actions.report(SplatError.fromRecord(modelProblem));
  }

  dropped([first]: readonly File[]): boolean {
    if (first === undefined || !/\.(pth|pt)$/i.test(first.name)) return false;
    if (this.context.document.state.job === undefined)
      void this.library.addFile(() => ask(window.desktop.openDroppedModel(first)));
    return true;
  }

  private async mayGrow(scene: SplatScene, model: ModelBytes): Promise<boolean> {
    const { actions, viewport } = this.context;
    try {
      return await confirmGrowth(scene, model, viewport.splatsAtOnce);
    } catch (error) {
      actions.report(toSplatError(error, 'model-invalid', 'The model could not be read'));
      return false;
    }
  }
}
