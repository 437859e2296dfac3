import type { Vec3 } from '../../../core/vector.ts';
import type { Ball } from '../../../core/subject.ts';
import { segments } from '../../ui/buttons.ts';
import { column, hint, numberField, switchField, vectorFields } from '../../ui/controls.ts';
import { el } from '../../ui/dom.ts';
import { wordsOn } from './region-words.ts';
import type { RegionFacts } from './region-words.ts';

export type RegionKind = 'auto' | 'all' | 'own';

const KINDS: readonly (readonly [RegionKind, string])[] = [
  ['auto', 'Automatic'],
  ['all', 'Whole scene'],
  ['own', 'Own'],
];

export interface RegionSectionActions {
  readonly choose: (kind: RegionKind) => void;
  /** A number was entered. */
  readonly place: (ball: Ball) => void;
  readonly show: (isShown: boolean) => void;
}

/** The panel's part that says what of the scene is refined, and lets a person choose. */
export class RegionSection {
  readonly element: HTMLElement;
  private readonly kind = segments('Region', KINDS, (kind) => this.actions.choose(kind));
  private readonly words = el('p', { class: 'hint region-words', 'aria-live': 'polite' });
  private readonly centre = vectorFields('Centre', {}, (centre) => this.place({ centre }));
  private readonly radius = numberField('Radius', { min: Number.MIN_VALUE }, (radius) => this.place({ radius }));
  private readonly fields = column(
    this.centre.element,
    this.radius.element,
    hint('Drag the knobs in the view, or move one with the arrow keys.'),
  );
  private readonly isShown = switchField('Show in the scene', (isShown) => this.actions.show(isShown));
  private ball: Ball | undefined;

  constructor(private readonly actions: RegionSectionActions) {
    this.element = column(
      el('h3', { text: 'Region' }),
      this.kind.element,
      this.words,
      this.fields,
      this.isShown.element,
    );
  }

  show(facts: RegionFacts, totalSplats: number, isShown: boolean, isBusy: boolean): void {
    this.kind.show(facts.kind, isBusy ? KINDS.map(([kind]) => kind) : []);
    const words = wordsOn(facts, totalSplats);
    if (this.words.textContent !== words) this.words.textContent = words;
    this.fields.hidden = facts.kind !== 'own' || isBusy;
    this.isShown.element.hidden = !hasPlace(facts);
    this.isShown.show(isShown);
    if (facts.kind !== 'own') return;
    this.ball = facts.ball;
    this.centre.show(facts.ball.centre);
    this.radius.show(facts.ball.radius);
  }

  private place(change: { readonly centre?: Vec3; readonly radius?: number }): void {
    if (this.ball !== undefined) this.actions.place({ ...this.ball, ...change });
  }
}

/** Whether there is a ball to be shown in the scene. */
function hasPlace(facts: RegionFacts): boolean {
  return (
    facts.kind === 'own' || (facts.kind === 'auto' && 'found' in facts.finding && facts.finding.found.isSurrounded)
  );
}
