import type { AppContext, Feature } from '../feature.ts';

/** Opening, refining and saving one scene. */
export function sceneFeature({ actions }: AppContext): Feature {
  return {
    commands: {
      'file.open': () => void actions.chooseScene(),
      'file.saveAs': () => void actions.saveAs(),
      'refine.run': () => void actions.refine(),
      'refine.cancel': () => actions.cancel(),
      'refine.compare': () => actions.compare(),
    },
  };
}
