import { HistoryPacker } from '../../../project/pack-history.ts';
import { PartNames } from '../../../project/parts.ts';
import { ProjectActions } from '../../document/project-actions.ts';
import type { AppContext, Feature, FeatureState } from '../../feature.ts';
import { findScene } from './find-scene.ts';
import { askForFormat } from './save-format.ts';
import { LastSession } from './last-session.ts';
import { workplaceOf } from './workplace.ts';

/** Opening, refining and saving one scene, by itself and as a project; having it again after a crash or a restart. */
export class SceneFeature implements Feature {
  readonly commands: Feature['commands'];
  private readonly session: LastSession;

  constructor(context: AppContext) {
    const { actions, document, memory } = context;
    const workplace = workplaceOf(context);
    const projects = new ProjectActions(document, actions, new HistoryPacker(new PartNames()), workplace);
    projects.findScene = findScene;
    actions.projects = projects;
    actions.chooseFormat = () => askForFormat(memory);
    this.session = new LastSession(context, projects, workplace);
    this.commands = {
      'file.open': () => void actions.chooseScene(),
      'file.save': () => void actions.save(),
      'file.saveAs': () => void actions.saveAs(),
      'project.saveAs': () => void projects.saveAs(),
      'session.restore': () => void this.session.restore(),
      'session.discard': () => void this.session.discard(),
      'view.restart': () => void this.session.restart(),
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

  state(): FeatureState {
    return { disabled: this.session.disabled, checked: [] };
  }

  started(): Promise<void> {
    return this.session.start();
  }
}
