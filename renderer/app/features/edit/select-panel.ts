import { formatCount, splats } from '../../../core/units.ts';
import type { Combination, SplatValue, ValueRange } from '../../../edit/selection.ts';
import { scale } from '../../../core/vector.ts';
import type { Box, Shape, Sphere } from '../../../edit/shapes.ts';
import { el } from '../../ui/dom.ts';
import { button, segments } from '../../ui/buttons.ts';
import { choice, column, hint, numberField, row, shortNumber, sliderField, vectorFields } from '../../ui/controls.ts';
import type { Choice, NumberField, VectorFields } from '../../ui/controls.ts';
import { Histogram } from '../../ui/histogram.ts';
import { isPictureTool } from './picture-tools.ts';
import type { PictureTool } from './picture-tools.ts';

/** What splats are chosen with. */
export type SelectTool = 'box' | 'sphere' | 'values' | PictureTool;

const TOOLS: readonly (readonly [SelectTool, string])[] = [
  ['box', 'Box'],
  ['sphere', 'Sphere'],
  ['values', 'Values'],
];
const ON_PICTURE: readonly (readonly [PictureTool, string])[] = [
  ['rectangle', 'Rectangle'],
  ['lasso', 'Lasso'],
  ['brush', 'Brush'],
  ['pick', 'Pick'],
];
const HOW_TO: Readonly<Record<PictureTool, string>> = {
  rectangle: 'Drag a rectangle over the picture. Splats hidden behind others are selected too.',
  lasso: 'Draw around what you want to select. Splats hidden behind others are selected too.',
  brush: 'Paint over what you want to select. Splats hidden behind others are selected too.',
  pick: 'Click the picture to select the splat that is seen there. A ring marks its middle.',
};
const COMBINATIONS: readonly (readonly [Combination, string, string])[] = [
  ['replace', 'Select', 'Select these splats and no others'],
  ['add', 'Add', 'Add these splats to the selection'],
  ['subtract', 'Subtract', 'Take these splats out of the selection'],
  ['intersect', 'Intersect', 'Leave of the selection only these splats'],
];
export const VALUE_NAMES: Readonly<Record<SplatValue, string>> = {
  opacity: 'Opacity',
  size: 'Size (longest axis)',
  elongation: 'Elongation (longest over shortest)',
  brightness: 'Brightness',
  red: 'Red',
  green: 'Green',
  blue: 'Blue',
  distance: 'Distance from the middle',
  height: 'Height above the middle',
};

export interface SelectPanelActions {
  readonly tool: (tool: SelectTool) => void;
  readonly shape: (shape: Shape) => void;
  /** Fits the shape to the scene anew. */
  readonly fit: () => void;
  readonly value: (value: SplatValue) => void;
  readonly range: (range: ValueRange) => void;
  /** Pixels. */
  readonly brush: (radius: number) => void;
  readonly select: (how: Combination) => void;
  readonly run: (
    id: 'edit.selectAll' | 'edit.selectNone' | 'edit.invert' | 'edit.delete' | 'edit.keep' | 'refine.selection',
  ) => void;
}

export interface SelectFacts {
  readonly tool: SelectTool;
  readonly box: Box;
  readonly sphere: Sphere;
  readonly brushRadius: number;
  readonly value: SplatValue;
  readonly range: ValueRange;
  readonly values: { readonly counts: Uint32Array; readonly range: ValueRange } | undefined;
  /** Splats that the tool would find now. */
  readonly found: number;
  readonly selected: number;
  readonly splats: number;
  readonly canRefine: boolean;
  readonly isBusy: boolean;
}

/** Choosing splats by box, sphere or values, and what can be done with them. */
export class SelectPanel {
  readonly element = column();
  private readonly tool;
  private readonly pictureTool;
  private readonly brush;
  private readonly howTo = hint('');
  private readonly boxTurn: VectorFields;
  private readonly sections: Readonly<Record<'box' | 'sphere' | 'values' | 'picture', HTMLElement>>;
  private readonly boxCentre: VectorFields;
  private readonly boxSize: VectorFields;
  private readonly sphereCentre: VectorFields;
  private readonly radius: NumberField;
  private readonly value: Choice<SplatValue>;
  private readonly min: NumberField;
  private readonly max: NumberField;
  private readonly histogram = new Histogram('low', (min, max) => this.actions.range({ min, max }));
  private readonly knobs = hint('Drag the knobs in the view, or move one with the arrow keys.');
  private readonly found = el('p', { class: 'hint found', 'aria-live': 'polite' });
  private readonly selected = el('p', { class: 'selected-count', 'aria-live': 'polite' });
  private readonly combine: HTMLButtonElement[];
  private readonly combineRow: HTMLElement;
  private readonly all = button('All', () => this.actions.run('edit.selectAll'));
  private readonly none = button('None', () => this.actions.run('edit.selectNone'));
  private readonly invert = button('Invert', () => this.actions.run('edit.invert'));
  private readonly refine = button('Refine selection', () => this.actions.run('refine.selection'));
  private readonly keep = button('Keep only', () => this.actions.run('edit.keep'));
  private readonly remove = button('Delete', () => this.actions.run('edit.delete'), { kind: 'danger' });
  private facts: SelectFacts | undefined;

  constructor(private readonly actions: SelectPanelActions) {
    this.tool = segments<SelectTool>('Select by', TOOLS, actions.tool);
    this.pictureTool = segments<SelectTool>('Select in the picture', ON_PICTURE, actions.tool);
    this.brush = sliderField(
      'Brush size',
      { min: 4, max: 120, step: 2, format: (radius) => `${radius} px` },
      { moved: actions.brush },
    );
    this.boxTurn = vectorFields(
      'Turn',
      {},
      (turnDegrees) => this.facts !== undefined && actions.shape({ ...this.facts.box, turnDegrees }),
    );
    this.boxCentre = vectorFields(
      'Centre',
      {},
      (centre) => this.facts !== undefined && actions.shape({ ...this.facts.box, centre }),
    );
    this.boxSize = vectorFields(
      'Size',
      { min: 0 },
      (size) => this.facts !== undefined && actions.shape({ ...this.facts.box, halfSize: scale(size, 0.5) }),
    );
    this.sphereCentre = vectorFields(
      'Centre',
      {},
      (centre) => this.facts !== undefined && actions.shape({ ...this.facts.sphere, centre }),
    );
    this.radius = numberField(
      'Radius',
      { min: 0 },
      (radius) => this.facts !== undefined && actions.shape({ ...this.facts.sphere, radius }),
    );
    this.value = choice('Value', Object.entries(VALUE_NAMES) as [SplatValue, string][], actions.value);
    this.min = numberField(
      'From',
      {},
      (min) => this.facts !== undefined && actions.range({ ...this.facts.range, min }),
    );
    this.max = numberField('To', {}, (max) => this.facts !== undefined && actions.range({ ...this.facts.range, max }));
    this.sections = {
      box: column(
        this.boxCentre.element,
        this.boxSize.element,
        this.boxTurn.element,
        row(button('Fit to the scene', actions.fit)),
      ),
      sphere: column(this.sphereCentre.element, this.radius.element, row(button('Fit to the scene', actions.fit))),
      values: column(
        this.value.element,
        this.histogram.element,
        el('div', { class: 'vector two' }, this.min.element, this.max.element),
        hint('Drag over the bars to choose a range.'),
      ),
      picture: column(
        this.brush.element,
        this.howTo,
        hint(
          'Shift adds to the selection, Alt takes away from it. The wheel and the right button still move the view.',
        ),
      ),
    };
    this.combine = COMBINATIONS.map(([how, label, title]) => {
      const kind = how === 'replace' ? 'primary' : undefined;
      const item = button(label, () => actions.select(how), { kind, title });
      item.dataset['combine'] = how;
      return item;
    });
    this.combineRow = row(...this.combine);
    this.element.append(
      this.tool.element,
      this.pictureTool.element,
      ...Object.values(this.sections),
      this.knobs,
      this.found,
      this.combineRow,
      el('h3', { text: 'Selection' }),
      this.selected,
      row(this.all, this.none, this.invert),
      row(this.refine, this.keep, this.remove),
    );
  }

  show(facts: SelectFacts): void {
    this.facts = facts;
    const { tool, box, sphere, range, values } = facts;
    this.tool.show(tool);
    this.pictureTool.show(tool);
    const isOnPicture = isPictureTool(tool);
    const shown = isOnPicture ? 'picture' : tool;
    for (const [name, section] of Object.entries(this.sections)) section.hidden = name !== shown;
    this.brush.show(facts.brushRadius);
    this.brush.element.hidden = tool !== 'brush';
    if (isOnPicture) this.howTo.textContent = HOW_TO[tool];
    this.knobs.hidden = tool === 'values' || isOnPicture;
    this.found.hidden = isOnPicture;
    this.combineRow.hidden = isOnPicture;
    this.boxCentre.show(box.centre);
    this.boxSize.show(scale(box.halfSize, 2));
    this.boxTurn.show(box.turnDegrees ?? [0, 0, 0]);
    this.sphereCentre.show(sphere.centre);
    this.radius.show(sphere.radius);
    this.value.show(facts.value);
    this.min.show(range.min);
    this.max.show(range.max);
    if (values !== undefined) this.showHistogram(values, facts);
    this.found.textContent = `${splats(facts.found)} ${tool === 'values' ? 'in this range' : 'inside'}.`;
    for (const item of this.combine) item.disabled = facts.isBusy;
    const nothing = facts.selected === 0;
    this.selected.textContent = nothing
      ? 'Nothing is selected.'
      : `${formatCount(facts.selected)} of ${splats(facts.splats)} selected`;
    this.all.disabled = facts.isBusy;
    this.invert.disabled = facts.isBusy;
    for (const item of [this.none, this.keep, this.remove]) item.disabled = nothing || facts.isBusy;
    this.refine.disabled = nothing || facts.isBusy || !facts.canRefine;
  }

  /** Bars of how many splats have which value; those in the chosen range stand out. */
  private showHistogram(
    { counts, range: { min, max } }: NonNullable<SelectFacts['values']>,
    { value, splats: count, range: chosen }: SelectFacts,
  ): void {
    const binWidth = (max - min) / counts.length;
    const isChosen = (middle: number): boolean => middle >= chosen.min && middle <= chosen.max;
    this.histogram.show({
      counts,
      from: min,
      to: max,
      colour: (bin) => (isChosen(min + (bin + 0.5) * binWidth) ? '--accent' : '--faint'),
      format: shortNumber,
      description: `${VALUE_NAMES[value]}: ${splats(count)} from ${shortNumber(min)} to ${shortNumber(max)}`,
    });
  }
}
