import type { AppContext, Feature } from '../../feature.ts';
import { askForFormat } from './save-format.ts';

/** Opening, refining and saving one scene. */
export class SceneFeature implements Feature {
  readonly commands: Feature['commands'];

  constructor({ actions, document, memory }: AppContext) {
    actions.chooseFormat = () => askForFormat(memory);
    this.commands = {
      'file.open': () => void actions.chooseScene(),
      'file.save': () => void actions.save(),
      'file.saveAs': () => void actions.saveAs(),
      'file.reveal': () => {
        const { exported } = document.state;
        if (exported !== undefined) void window.desktop.revealSaved(exported.id);
      },
      'refine.run': () => void actions.refine(),
      'refine.takeBack': () => actions.takeBack(),
      'refine.cancel': () => actions.cancel(),
      'refine.compare': () => actions.compare(),
    };
  }
}
