import type { CommandId } from '../../../bridge/commands.ts';
import { shortcutLabel } from '../../../bridge/commands.ts';
import { el } from '../../ui/dom.ts';
import { button, iconButton, segments, withShortcut } from '../../ui/buttons.ts';
import { row } from '../../ui/controls.ts';
import { BookmarkSection } from './bookmark-section.ts';
import type { BookmarkActions } from './bookmark-section.ts';
import { PathSection } from './path-section.ts';
import type { PathActions } from './path-section.ts';
import type { ShotKind, ShowStore } from './store.ts';
import { TurntableSection } from './turntable-section.ts';
import type { TurntableActions } from './turntable-section.ts';

export interface ShowPanelParts {
  readonly store: ShowStore;
  readonly platform: string;
  readonly run: (id: CommandId) => void;
  readonly choose: (kind: ShotKind) => void;
  readonly bookmarks: BookmarkActions;
  readonly path: PathActions;
  readonly turntable: TurntableActions;
}

/** The dock's panel of bookmarks, camera path, turntable, pictures and videos. */
export class ShowPanel {
  readonly element = el('div', { class: 'panel show-panel' });
  private readonly empty = el('p', {
    class: 'empty',
    text: 'Open a scene to keep views of it, to move the camera along a path, and to save pictures and videos.',
  });
  private readonly body = el('div', { class: 'show-body' });
  private readonly bookmarks: BookmarkSection;
  private readonly path: PathSection;
  private readonly turntable: TurntableSection;
  private readonly kind;
  private readonly buttons: readonly (readonly [CommandId, HTMLButtonElement])[];

  constructor(private readonly parts: ShowPanelParts) {
    const { run, platform } = parts;
    const command = (id: CommandId, text: string, kind?: 'primary'): readonly [CommandId, HTMLButtonElement] => {
      const title = withShortcut(text, shortcutLabel(id, platform));
      return [id, button(text, () => run(id), { kind, title })];
    };
    this.bookmarks = new BookmarkSection(
      parts.bookmarks,
      iconButton('add', 'Add bookmark (M)', () => parts.bookmarks.add()),
    );
    this.path = new PathSection(parts.path);
    this.turntable = new TurntableSection(parts.turntable);
    this.kind = segments<ShotKind>(
      'What moves the camera',
      [
        ['path', 'Path'],
        ['turntable', 'Turntable'],
      ],
      parts.choose,
    );
    const play = command('show.play', 'Play');
    const [picture, video] = [
      command('show.picture', 'Save picture…'),
      command('show.video', 'Save video…', 'primary'),
    ];
    const files = [
      command('show.open', 'Open…'),
      command('show.saveCamera', 'Save path…'),
      command('show.saveBookmarks', 'Save bookmarks…'),
    ];
    this.buttons = [play, picture, video, ...files];
    this.body.append(
      this.bookmarks.element,
      el(
        'section',
        { class: 'show-section', 'aria-label': 'Camera path' },
        el('div', { class: 'show-heading' }, el('h3', { text: 'Moving camera' }), play[1]),
        this.kind.element,
        this.path.element,
        this.turntable.element,
      ),
      el(
        'section',
        { class: 'show-section', 'aria-label': 'Pictures and videos' },
        el('h3', { text: 'Pictures and videos' }),
        row(picture[1], video[1]),
      ),
      el(
        'section',
        { class: 'show-section', 'aria-label': 'Files' },
        el('h3', { text: 'Files' }),
        row(...files.map(([, item]) => item)),
      ),
    );
    this.element.append(this.empty, this.body);
  }

  show(hasScene: boolean, disabled: ReadonlySet<CommandId>): void {
    const { state, turntable } = this.parts.store;
    this.empty.hidden = hasScene;
    this.body.hidden = !hasScene;
    if (!hasScene) return;
    this.bookmarks.show(state.bookmarks);
    this.kind.show(state.kind);
    this.path.element.hidden = state.kind !== 'path';
    this.turntable.element.hidden = state.kind !== 'turntable';
    this.path.show(state.path);
    this.turntable.show(turntable);
    for (const [id, item] of this.buttons) item.disabled = disabled.has(id);
  }
}
