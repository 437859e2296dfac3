import type { CommandId } from '../../bridge/commands.ts';
import { el } from '../ui/dom.ts';
import { iconButton, rowButton, withShortcut } from '../ui/buttons.ts';
import { icon } from '../ui/icons.ts';
import type { IconName } from '../ui/icons.ts';

/** As styles.css has it; people may drag on, but not what is remembered. */
const MIN_WIDTH_PIXELS = 240;
const SETTLE_MS = 250;

/** A panel of the dock: one at a time is shown, beside the scene. */
export interface DockPanel {
  readonly id: string;
  /** A word or two: it labels the rail's button and heads the panel. */
  readonly title: string;
  readonly icon: IconName;
  /** The command that opens and closes it. */
  readonly command: CommandId;
  /** What the panel holds; it is kept, hidden, while another panel is shown. */
  readonly element: HTMLElement;
  /** Called whenever the panel comes into sight. */
  readonly shown?: () => void;
  /** Called whenever it goes out of sight. */
  readonly hidden?: () => void;
}

export interface DockParts {
  /** The split panel whose end part is the dock. */
  readonly split: HTMLElementTagNameMap['wa-split-panel'];
  readonly root: HTMLElement;
  readonly rail: HTMLElement;
  readonly widthPixels: number;
  /** Shortcut of a command in words, for the rail's titles. */
  readonly shortcut: (id: CommandId) => string;
  readonly run: (id: CommandId) => void;
  /** The open panel's id ('' for none) or the width changed. */
  readonly changed: (openPanel: string, widthPixels: number) => void;
}

/**
 * The dock on the right: a rail with a button a panel, and the open panel beside the scene, of a width people choose.
 */
export class Dock {
  private readonly panels: DockPanel[] = [];
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private readonly title = el('h2');
  private readonly body = el('div', { class: 'dock-body' });
  private open: DockPanel | undefined;
  private widthPixels: number;
  private settling: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly parts: DockParts) {
    const { split, root, rail } = parts;
    this.widthPixels = parts.widthPixels;
    rail.hidden = true;
    const close = iconButton('close', 'Close panel', () => this.close());
    root.append(el('header', {}, this.title, close), this.body);
    split.addEventListener('wa-reposition', () => this.resized());
    this.fit();
  }

  /** Id of the open panel, '' for none. */
  get openPanel(): string {
    return this.open?.id ?? '';
  }

  get openCommand(): CommandId | undefined {
    return this.open?.command;
  }

  add(panel: DockPanel): void {
    this.panels.push(panel);
    panel.element.hidden = true;
    this.body.append(panel.element);
    const button = rowButton(() => this.parts.run(panel.command), icon(panel.icon), el('span', { text: panel.title }));
    button.title = withShortcut(panel.title, this.parts.shortcut(panel.command));
    button.setAttribute('aria-expanded', 'false');
    button.setAttribute('aria-controls', this.parts.root.id);
    button.dataset['panel'] = panel.id;
    this.buttons.set(panel.id, button);
    this.parts.rail.append(button);
    this.parts.rail.hidden = false;
  }

  /** Shows a panel in place of the open one; an unknown id (of an older version, say) opens none. */
  show(id: string): void {
    const panel = this.panels.find((candidate) => candidate.id === id);
    if (panel !== this.open) this.replace(panel);
  }

  toggle(id: string): void {
    if (this.openPanel === id) this.close();
    else this.show(id);
  }

  close(): void {
    const hadFocus = this.parts.root.contains(document.activeElement);
    const button = this.buttons.get(this.openPanel);
    this.replace(undefined);
    if (hadFocus) button?.focus();
  }

  private replace(panel: DockPanel | undefined): void {
    const { open } = this;
    if (open !== undefined) {
      open.element.hidden = true;
      this.buttons.get(open.id)?.setAttribute('aria-expanded', 'false');
    }
    this.open = panel;
    if (panel !== undefined) {
      panel.element.hidden = false;
      this.title.textContent = panel.title;
      this.parts.root.setAttribute('aria-label', panel.title);
      this.buttons.get(panel.id)?.setAttribute('aria-expanded', 'true');
    }
    this.fit();
    open?.hidden?.();
    panel?.shown?.();
    this.parts.changed(this.openPanel, this.widthPixels);
  }

  private fit(): void {
    const { split, root } = this.parts;
    const isOpen = this.open !== undefined;
    root.hidden = !isOpen;
    split.classList.toggle('closed', !isOpen);
    split.disabled = !isOpen;
    if (isOpen) split.positionInPixels = this.widthPixels;
  }

  private resized(): void {
    if (this.open === undefined) return;
    const width = Math.max(MIN_WIDTH_PIXELS, Math.round(this.parts.split.positionInPixels));
    if (width === this.widthPixels) return;
    this.widthPixels = width;
    // A drag reports every pixel; the settings file hears of the last.
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.parts.changed(this.openPanel, this.widthPixels), SETTLE_MS);
  }
}
