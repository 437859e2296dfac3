import type { AppContext, Feature } from '../feature.ts';

/** Opening, refining and saving one scene. */
export class SceneFeature implements Feature {
  readonly commands: Feature['commands'];

  constructor({ actions }: AppContext) {
    this.commands = {
      'file.open': () => void actions.chooseScene(),
      'file.saveAs': () => void actions.saveAs(),
      'refine.run': () => void actions.refine(),
      'refine.cancel': () => actions.cancel(),
      'refine.compare': () => actions.compare(),
    };
  }
}
