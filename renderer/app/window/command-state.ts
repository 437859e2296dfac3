import type { ViewSettings } from '../../bridge/settings.ts';
import type { UpAxis } from '../../core/up-axes.ts';
import { COMMAND_TABLE } from '../../bridge/commands.ts';
import type { CommandId } from '../../bridge/commands.ts';
import type { DocumentState } from '../document/document.ts';

/** Which commands are on offer now, and which are ticked. */
export interface CommandState {
  readonly disabled: ReadonlySet<CommandId>;
  readonly checked: ReadonlySet<CommandId>;
  /** Labels that say more than the table's. */
  readonly labels: Readonly<Partial<Record<CommandId, string>>>;
}

const NEEDS_SCENE: readonly CommandId[] = [
  'view.frame',
  'view.elevation0',
  'view.elevation45',
  'view.elevation70',
  'view.elevation80',
  'view.elevation89',
  'view.upAsk',
];
/** What is about the scene that is open: nobody sees it while the preview of another is on screen. */
const ABOUT_SCENE: readonly CommandId[] = COMMAND_TABLE.map(({ id }) => id).filter(
  (id) => /^(edit|compare|judge|show)\./.test(id) || /^view\.up/.test(id) || id === 'refine.compare',
);
const CHANGES_SCENE: readonly CommandId[] = ['file.open', 'help.sample', 'model.open', 'model.default'];
/** The commands that choose the up axis. */
export const UP_COMMANDS: Readonly<Record<UpAxis | 'auto', CommandId>> = {
  auto: 'view.upAuto',
  x: 'view.upX',
  '-x': 'view.upMinusX',
  y: 'view.upY',
  '-y': 'view.upMinusY',
  z: 'view.upZ',
  '-z': 'view.upMinusZ',
};

export interface CommandFacts {
  readonly document: DocumentState;
  readonly view: ViewSettings;
  readonly isFlying: boolean;
  /** Whether a model can be had at all. */
  readonly hasModel: boolean;
  readonly usesDefaultModel: boolean;
  readonly canRender: boolean;
  /** Whether the graphics card went away and does not answer. */
  readonly isLost: boolean;
}

/** Derives every command's state from the facts, so that menu, keys and buttons can't disagree. */
export function commandState({
  document,
  view,
  isFlying,
  hasModel,
  usesDefaultModel,
  canRender,
  isLost,
}: CommandFacts): CommandState {
  const disabled = new Set<CommandId>();
  const { original, refined, job, shown } = document;
  const off = (ids: readonly CommandId[]) => ids.forEach((id) => disabled.add(id));
  const hasPreview = job?.preview !== undefined;
  if ((original === undefined && !hasPreview) || !canRender) off(NEEDS_SCENE);
  if (hasPreview) off(ABOUT_SCENE);
  if (original === undefined) off(Object.values(UP_COMMANDS));
  if (!isLost) off(['view.tryGraphics']);
  if (original === undefined || job !== undefined || !hasModel) off(['refine.run']);
  if (original === undefined || job !== undefined) off(['file.save', 'file.saveAs', 'project.saveAs']);
  if (document.exported === undefined) off(['file.reveal']);
  if (job !== undefined) off(CHANGES_SCENE);
  else off(['refine.cancel']);
  if (refined === undefined) off(['refine.compare']);
  if (refined === undefined || job !== undefined) off(['refine.takeBack']);
  if (usesDefaultModel) off(['model.default']);
  const checked = new Set<CommandId>([UP_COMMANDS[document.chosenUp ?? 'auto']]);
  if (view.showGrid) checked.add('view.grid');
  if (view.showAxes) checked.add('view.axes');
  if (view.showGizmo) checked.add('view.gizmo');
  if (isFlying) checked.add('view.fly');
  if (refined !== undefined && shown === 'before') checked.add('refine.compare');
  const labels = { 'file.save': document.project === undefined ? 'Save Scene' : 'Save Project' };
  return { disabled, checked, labels };
}
