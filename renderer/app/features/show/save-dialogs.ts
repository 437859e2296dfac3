import { formatCount } from '../../../core/units.ts';
import type { Rgb } from '../../../core/vector.ts';
import { frameTimes } from '../../../show/shot.ts';
import type { Shot } from '../../../show/shot.ts';
import { toSplatError } from '../../../core/errors.ts';
import { LARGEST_PICTURE_SIDE } from '../../../core/picture-size.ts';
import { chooseCodec } from '../../../show/video-encoder.ts';
import { MAX_FRAMES_PER_SECOND, assertVideoSettings } from '../../../show/video-settings.ts';
import type { VideoQuality, VideoSettings } from '../../../show/video-settings.ts';
import { el } from '../../ui/dom.ts';
import { makeDialog } from '../../ui/dialog.ts';
import type { AppDialog } from '../../ui/dialog.ts';
import { button, segments } from '../../ui/buttons.ts';
import { choice, colourField, labelled, numberField, switchField } from '../../ui/controls.ts';

/** Which of before and after a picture shows. */
export type Shows = 'before' | 'after' | 'split';

export interface PictureChoice {
  readonly width: number;
  readonly height: number;
  readonly shows: Shows;
  /** null: transparent. */
  readonly background: Rgb | null;
}

export interface VideoChoice extends Omit<PictureChoice, 'background'>, VideoSettings {
  readonly background: Rgb;
}

/** What a dialog opens with. */
export interface DialogFacts {
  readonly windowSize: readonly [number, number];
  readonly background: Rgb;
  /** Whether there is a refined scene beside the one opened. */
  readonly isRefined: boolean;
  readonly shown: 'before' | 'after';
}

const SIZES = [
  ['1920x1080', 'Full HD, 1920 × 1080'],
  ['3840x2160', '4K, 3840 × 2160'],
  ['1080x1920', 'Portrait, 1080 × 1920'],
  ['1080x1080', 'Square, 1080 × 1080'],
] as const;

/** Size, before or after, background: what pictures and videos have in common. */
class PictureFields {
  private readonly preset = choice<string>('Size', [['window', 'Window size'], ...SIZES, ['own', 'Custom']], (value) =>
    this.takePreset(value),
  );
  private readonly width = numberField('Width', { min: 1, max: LARGEST_PICTURE_SIDE }, (value) =>
    this.setSize(value, this.size[1]),
  );
  private readonly height = numberField('Height', { min: 1, max: LARGEST_PICTURE_SIDE }, (value) =>
    this.setSize(this.size[0], value),
  );
  private readonly shows = segments<Shows>(
    'Shows',
    [
      ['before', 'Before'],
      ['after', 'After'],
      ['split', 'Split'],
    ],
    (value) => this.choose(value),
  );
  private readonly showsField = labelled('Shows', this.shows.element);
  private readonly colour = colourField('Background colour');
  private readonly colourLabel = el('label', { class: 'show-colour' }, 'Background', this.colour.element);
  private size: readonly [number, number] = [1920, 1080];
  private windowSize: readonly [number, number] = [1, 1];
  private chosen: Shows = 'before';
  private isKnown = false;

  constructor(
    /** Videos need even sizes. */
    private readonly isEven: boolean,
    private readonly changed: () => void,
  ) {}

  get elements(): readonly HTMLElement[] {
    return [
      this.preset.element,
      el('div', { class: 'show-grid' }, this.width.element, this.height.element),
      this.showsField,
      this.colourLabel,
    ];
  }

  /** Keeps what was chosen the last time, as far as it is still on offer. */
  open({ windowSize, background, isRefined, shown }: DialogFacts): void {
    this.windowSize = [this.fit(windowSize[0]), this.fit(windowSize[1])];
    if (!this.isKnown) {
      this.takePreset(this.isEven ? SIZES[0][0] : 'window');
      this.colour.value = background;
      this.isKnown = true;
    }
    this.showsField.hidden = !isRefined;
    this.choose(isRefined ? (this.chosen === 'split' ? 'split' : shown) : 'before');
  }

  enableColour(on: boolean): void {
    this.colourLabel.hidden = !on;
  }

  get value(): Omit<PictureChoice, 'background'> & { readonly background: Rgb } {
    return { width: this.size[0], height: this.size[1], shows: this.chosen, background: this.colour.value };
  }

  private choose(value: Shows): void {
    this.chosen = value;
    this.shows.show(value);
  }

  private takePreset(value: string): void {
    if (value === 'window') this.setSize(...this.windowSize);
    else if (value !== 'own') this.setSize(...(value.split('x').map(Number) as [number, number]));
  }

  private setSize(width: number, height: number): void {
    this.size = [Math.round(width), Math.round(height)];
    this.width.show(this.size[0]);
    this.height.show(this.size[1]);
    const text = this.size.join('x');
    const isWindow = text === this.windowSize.join('x');
    this.preset.show(isWindow ? 'window' : (SIZES.find(([known]) => known === text)?.[0] ?? 'own'));
    this.changed();
  }

  private fit(side: number): number {
    return this.isEven ? Math.max(2, side - (side % 2)) : Math.max(1, side);
  }
}

/** Asks what picture to save. */
export class PictureDialog {
  private readonly fields = new PictureFields(false, () => undefined);
  private isTransparent = false;
  private readonly transparent = switchField('Transparent background', (on) => {
    this.isTransparent = on;
    this.fields.enableColour(!on);
  });
  private readonly dialog: AppDialog;

  constructor(save: (choice: PictureChoice) => void) {
    const action = button(
      'Save…',
      () => {
        this.dialog.close();
        save({ ...this.fields.value, background: this.isTransparent ? null : this.fields.value.background });
      },
      { kind: 'primary' },
    );
    this.dialog = makeDialog(
      'Save picture',
      el('div', { class: 'panel show-dialog' }, ...this.fields.elements, this.transparent.element),
      [button('Cancel', () => this.dialog.close()), action],
    );
    this.dialog.element.classList.add('show-save-picture');
  }

  open(facts: DialogFacts): void {
    this.fields.open(facts);
    this.dialog.open();
  }
}

const CONTAINERS = [
  ['mp4', 'MP4'],
  ['webm', 'WebM'],
] as const;
const QUALITY_LABELS: readonly (readonly [VideoQuality, string])[] = [
  ['low', 'Low'],
  ['medium', 'Medium'],
  ['high', 'High'],
  ['very-high', 'Very high'],
];

/** Asks what video to save, and says how it will be encoded here. */
export class VideoDialog {
  private readonly fields = new PictureFields(true, () => this.describe());
  private readonly rate = numberField('Frames per second', { min: 1, max: MAX_FRAMES_PER_SECOND }, (value) =>
    this.change({ framesPerSecond: value }),
  );
  private readonly quality = choice<VideoQuality>('Quality', QUALITY_LABELS, (quality) => this.change({ quality }));
  private readonly container = segments<'mp4' | 'webm'>('File type', CONTAINERS, (container) =>
    this.change({ container }),
  );
  private readonly facts = el('p', { class: 'hint show-facts' });
  private readonly problem = el('p', { class: 'error-text' });
  private readonly action: HTMLButtonElement;
  private readonly dialog: AppDialog;
  private settings: Pick<VideoSettings, 'framesPerSecond' | 'quality' | 'container'> = {
    framesPerSecond: 30,
    quality: 'high',
    container: 'mp4',
  };
  private shot: Shot | undefined;
  private shotText = '';
  /** Only the answer to the last question counts. */
  private asked = 0;

  constructor(save: (choice: VideoChoice) => void) {
    this.facts.role = 'status';
    this.problem.role = 'alert';
    this.action = button(
      'Save…',
      () => {
        this.dialog.close();
        save({ ...this.fields.value, ...this.settings });
      },
      { kind: 'primary' },
    );
    const body = el(
      'div',
      { class: 'panel show-dialog' },
      ...this.fields.elements,
      el('div', { class: 'show-grid' }, this.rate.element, this.quality.element),
      labelled('File type', this.container.element),
      this.facts,
      this.problem,
    );
    this.dialog = makeDialog('Save video', body, [button('Cancel', () => this.dialog.close()), this.action]);
    this.dialog.element.classList.add('show-save-video');
  }

  /** @param shotText what moves the camera, in words */
  open(facts: DialogFacts, shot: Shot, shotText: string): void {
    this.shot = shot;
    this.shotText = shotText;
    this.fields.open(facts);
    this.change({});
    this.dialog.open();
  }

  private change(patch: Partial<VideoDialog['settings']>): void {
    this.settings = { ...this.settings, ...patch };
    this.rate.show(this.settings.framesPerSecond);
    this.quality.show(this.settings.quality);
    this.container.show(this.settings.container);
    this.describe();
  }

  private describe(): void {
    if (this.shot === undefined) return;
    this.asked += 1;
    void this.showEncoding({ ...this.fields.value, ...this.settings }, this.shot, this.asked);
  }

  private async showEncoding(settings: VideoSettings, shot: Shot, question: number): Promise<void> {
    const frames = frameTimes(shot, settings.framesPerSecond).length;
    const { facts, problem } = await Promise.resolve()
      .then(() => assertVideoSettings(settings))
      .then(() => chooseCodec(settings))
      .then(
        ({ name }) => ({
          facts:
            `${this.shotText}, ${formatCount(frames)} frames, ` +
            `${name} in ${settings.container === 'mp4' ? 'MP4' : 'WebM'}.`,
          problem: '',
        }),
        (error: unknown) => ({
          facts: '',
          problem: toSplatError(error, 'unsupported-feature', "The video encoder can't be asked").sentence,
        }),
      );
    if (question !== this.asked) return;
    this.facts.textContent = facts;
    this.problem.textContent = problem;
    this.problem.hidden = problem === '';
    this.action.disabled = problem !== '';
  }
}
