import { formatCount, splats } from '../../../core/units.ts';
import type { AttributeSwitches } from '../../../refine/residuals.ts';
import { descriptionRows, el } from '../../ui/dom.ts';
import type { Figure } from '../../document/refine-words.ts';
import { button, segments } from '../../ui/buttons.ts';
import { column, hint, row, sliderField, switchField } from '../../ui/controls.ts';

export type Attribute = keyof Required<AttributeSwitches>;

/** Every attribute that a refinement may change, in words. */
export const ATTRIBUTES: readonly (readonly [Attribute, string])[] = [
  ['means', 'Positions'],
  ['scales', 'Scales'],
  ['opacities', 'Opacities'],
  ['quats', 'Rotations'],
  ['colours', 'Colours'],
];

/** An answer is proved, and its low views are restored, at its whole strength: nothing vouches for more of it. */
const MAX_PERCENT = 100;

export interface RefinementPanelActions {
  readonly refine: () => void;
  /** A pointer takes hold of the slider: what follows is a step of its own. */
  readonly strengthGrabbed: () => void;
  /** The slider moves, or came to rest: percent. */
  readonly strengthMoved: (percent: number) => void;
  readonly strengthChosen: (percent: number) => void;
  readonly switched: (attribute: Attribute, isOn: boolean) => void;
  /** Everywhere, or the splats selected now. */
  readonly limit: (extent: 'everything' | 'selection') => void;
  readonly keep: () => void;
}

export interface RefinementFacts {
  readonly percent: number;
  readonly switches: Readonly<Record<Attribute, boolean>>;
  readonly splats: number;
  /** Splats that the refinement may change; undefined: all. */
  readonly masked: number | undefined;
  /** Splats selected now, where that is another choice than the refinement's own. */
  readonly otherSelection: number | undefined;
  readonly description: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
}

/** The dock's panel of an open refinement: how strong, of what, and where. */
export class RefinementPanel {
  readonly element = column();
  private readonly empty: HTMLElement;
  private readonly refineButton: HTMLButtonElement;
  private readonly refineRow: HTMLElement;
  private readonly body: HTMLElement;
  private readonly strength;
  private readonly reset: HTMLButtonElement;
  private readonly switches = new Map<Attribute, ReturnType<typeof switchField>>();
  private readonly where;
  private readonly whereHint = hint('');
  private readonly useSelection: HTMLButtonElement;
  private readonly figures = el('dl', { class: 'figures' });

  /** @param region the part that says what is refined */
  constructor(actions: RefinementPanelActions, region: HTMLElement) {
    this.refineButton = button('Refine', actions.refine, { kind: 'primary' });
    this.refineRow = row(this.refineButton);
    this.empty = el(
      'div',
      { class: 'empty' },
      el('p', { text: 'Refine the scene; then choose here how much of the change to keep, of what, and where.' }),
    );
    this.strength = sliderField(
      'Strength',
      { min: 0, max: MAX_PERCENT, step: 1, format: (value) => `${value} %` },
      { moved: actions.strengthMoved, chosen: actions.strengthChosen },
    );
    this.strength.slider.addEventListener('pointerdown', actions.strengthGrabbed);
    this.strength.slider.classList.add('strength');
    this.reset = button('Back to 100 %', () => {
      actions.strengthGrabbed();
      actions.strengthChosen(100);
    });
    const switches = ATTRIBUTES.map(([attribute, label]) => {
      const item = switchField(label, (isOn) => actions.switched(attribute, isOn));
      item.element.dataset['attribute'] = attribute;
      this.switches.set(attribute, item);
      return item.element;
    });
    this.where = segments(
      'Where',
      [
        ['everything', 'Everywhere'],
        ['selection', 'Selection only'],
      ],
      actions.limit,
    );
    this.useSelection = button('', () => actions.limit('selection'));
    this.body = column(
      this.strength.element,
      row(this.reset),
      el('h3', { text: 'What may change' }),
      el('div', { class: 'switches' }, ...switches),
      el('h3', { text: 'Where' }),
      this.where.element,
      this.whereHint,
      this.useSelection,
      el('h3', { text: 'This refinement' }),
      this.figures,
      row(button('Set as new original', actions.keep)),
      hint('Makes the refined scene the original, so that the next refinement starts from it.'),
    );
    this.element.append(this.empty, this.body, region, this.refineRow);
  }

  /** Shows a refinement, or that there is none. */
  show(facts: RefinementFacts | undefined, canRefine: boolean): void {
    this.empty.hidden = facts !== undefined;
    this.refineRow.hidden = !canRefine;
    this.refineButton.textContent = facts === undefined ? 'Refine' : 'Refine again';
    this.body.hidden = facts === undefined;
    if (facts === undefined) return;
    this.strength.show(facts.percent);
    this.reset.disabled = facts.percent === 100;
    for (const [attribute, item] of this.switches) item.show(facts.switches[attribute]);
    const { masked, otherSelection } = facts;
    this.where.show(
      masked === undefined ? 'everything' : 'selection',
      masked === undefined && otherSelection === undefined ? ['selection'] : [],
    );
    this.whereHint.textContent =
      masked !== undefined
        ? `${formatCount(masked)} of ${splats(facts.splats)} may change; the network has seen them all.`
        : otherSelection === undefined
          ? 'Select splats in the Edit panel to limit the refinement to them; it needs no new run.'
          : `All splats may change; ${formatCount(otherSelection)} are selected.`;
    this.useSelection.hidden = masked === undefined || otherSelection === undefined;
    if (otherSelection !== undefined) this.useSelection.textContent = `Use the ${splats(otherSelection)} selected now`;
    this.figures.replaceChildren(
      ...descriptionRows([['Model', facts.description], ['Took', `${facts.seconds.toFixed(1)} s`], ...facts.figures]),
    );
  }
}
