import { iconButton, setIconButton } from '../../ui/buttons.ts';
import { el } from '../../ui/dom.ts';
import type { ShotKind } from './store.ts';

export interface TimelineActions {
  toggle(): void;
  seek(seconds: number): void;
  repeat(on: boolean): void;
  close(): void;
}

export interface TimelineContent {
  readonly kind: ShotKind;
  readonly durationSeconds: number;
  /** Moments of the keys. */
  readonly keySeconds: readonly number[];
}

/** Steps of the slider, fine enough to look smooth. */
const STEPS = 1000;

/** The bar below the scene that plays a shot: play, the moment with the keys' marks, repeat. */
export class Timeline {
  readonly element: HTMLElement;
  private readonly play = iconButton('play', 'Play (P)', () => this.actions.toggle());
  private readonly slider = el('input', { 'aria-label': 'Moment of the camera path' });
  private readonly marks = el('div', { class: 'show-marks', 'aria-hidden': 'true' });
  private readonly time = el('span', { class: 'show-time' });
  private readonly repeat = iconButton('repeat', 'Repeat', () => {
    this.isRepeating = !this.isRepeating;
    this.repeat.setAttribute('aria-pressed', String(this.isRepeating));
    this.actions.repeat(this.isRepeating);
  });
  private isRepeating = false;
  private wasPlaying: boolean | undefined;
  private content: TimelineContent | undefined;

  constructor(private readonly actions: TimelineActions) {
    this.slider.type = 'range';
    this.slider.min = '0';
    this.slider.max = String(STEPS);
    this.slider.addEventListener('input', () =>
      actions.seek((Number(this.slider.value) / STEPS) * (this.content?.durationSeconds ?? 0)),
    );
    this.repeat.setAttribute('aria-pressed', 'false');
    this.element = el(
      'div',
      { class: 'show-timeline', 'aria-label': 'Timeline' },
      this.play,
      el('div', { class: 'show-track' }, this.marks, this.slider),
      this.time,
      this.repeat,
      iconButton('close', 'Close the timeline', () => actions.close()),
    );
    this.element.role = 'group';
    this.element.hidden = true;
  }

  /** Shows a shot; undefined hides the bar. */
  load(content: TimelineContent | undefined): void {
    this.content = content;
    this.element.hidden = content === undefined;
    if (content === undefined) return;
    const marks = content.keySeconds.map((seconds) => {
      const mark = el('span');
      mark.style.left = `${(100 * seconds) / Math.max(content.durationSeconds, 1e-6)}%`;
      return mark;
    });
    this.marks.replaceChildren(...marks);
  }

  show(timeSeconds: number, isPlaying: boolean): void {
    const durationSeconds = this.content?.durationSeconds ?? 0;
    if (isPlaying !== this.wasPlaying) {
      this.wasPlaying = isPlaying;
      if (isPlaying) setIconButton(this.play, 'pause', 'Pause (P)');
      else setIconButton(this.play, 'play', 'Play (P)');
    }
    const text = `${timeSeconds.toFixed(1)} of ${durationSeconds.toFixed(1)} s`;
    this.slider.value = String(durationSeconds === 0 ? 0 : Math.round((timeSeconds / durationSeconds) * STEPS));
    this.slider.setAttribute('aria-valuetext', text);
    this.time.textContent = text;
  }
}
