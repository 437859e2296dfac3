import { sceneBounds } from '../../../camera/scene-bounds.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import type { Vec3 } from '../../../core/vector.ts';
import type { SplatMask, SplatValue, ValueRange } from '../../../edit/selection.ts';
import { histogramOf, rangeOf, selectByRange, selectByShape, splatValues } from '../../../edit/selection.ts';
import { boxAround } from '../../../edit/shapes.ts';
import type { Box, Shape, Sphere } from '../../../edit/shapes.ts';
import { VALUE_NAMES } from './select-panel.ts';
import type { SelectFacts, SelectTool } from './select-panel.ts';

const HISTOGRAM_BINS = 48;
/** A new shape spans this share of the scene's radius. */
const SHAPE_SHARE = 0.5;

/** One value of every splat, and how they are distributed. */
interface Measured {
  readonly of: SplatScene;
  readonly value: SplatValue;
  readonly numbers: Float32Array;
  readonly counts: Uint32Array;
  readonly range: ValueRange;
}

/** What the select tool is set to, and which splats it finds. */
export class Selector {
  tool: SelectTool = 'box';
  range: ValueRange = { min: 0, max: 1 };
  private box: Box = { kind: 'box', centre: [0, 0, 0], halfSize: [1, 1, 1] };
  private sphere: Sphere = { kind: 'sphere', centre: [0, 0, 0], radius: 1 };
  private value: SplatValue = 'opacity';
  private lastMeasured: Measured | undefined;

  constructor(
    /** The scene that is selected from. */
    private readonly scene: () => SplatScene | undefined,
    private readonly upOf: (scene: SplatScene) => Vec3,
  ) {}

  /** The shape that selects, undefined where values do. */
  get shape(): Shape | undefined {
    if (this.tool === 'box') return this.box;
    return this.tool === 'sphere' ? this.sphere : undefined;
  }

  /** What is selected by, as a title has it. */
  get toolName(): string {
    if (this.tool === 'values') return VALUE_NAMES[this.value].replace(/ \(.*/, '');
    return this.tool === 'box' ? 'Box' : 'Sphere';
  }

  setShape(shape: Shape): void {
    if (shape.kind === 'box') this.box = shape;
    else this.sphere = shape;
  }

  /** Selects by another value, at first by all of its range. */
  chooseValue(value: SplatValue): void {
    this.value = value;
    this.range = this.measured()?.range ?? this.range;
  }

  /** Puts shapes in the middle of a scene that was just opened, and takes all of its range. */
  begin(): void {
    const scene = this.scene();
    if (scene === undefined) return;
    const { centre, radius } = sceneBounds(scene);
    const half = radius * SHAPE_SHARE;
    this.box = { kind: 'box', centre, halfSize: [half, half, half] };
    this.sphere = { kind: 'sphere', centre, radius: half };
    this.range = this.value === 'opacity' ? { min: 0, max: 1 } : (this.measured()?.range ?? this.range);
  }

  /** Puts shapes around all of the scene that is seen. */
  fit(): void {
    const scene = this.scene();
    if (scene === undefined) return;
    this.sphere = { kind: 'sphere', ...sceneBounds(scene) };
    this.box = boxAround(scene, this.sphere);
  }

  /** What the tool would select now; undefined where a drag on the picture says. */
  found(): SplatMask | undefined {
    const scene = this.scene();
    if (scene === undefined) return undefined;
    const { shape } = this;
    if (shape !== undefined) return selectByShape(scene, shape);
    const measured = this.tool === 'values' ? this.measured() : undefined;
    return measured === undefined ? undefined : selectByRange(measured.numbers, this.range.min, this.range.max);
  }

  /** The settings as the panel shows them. */
  facts(): Pick<SelectFacts, 'tool' | 'box' | 'sphere' | 'value' | 'range' | 'values'> {
    const { tool, box, sphere, value, range } = this;
    return { tool, box, sphere, value, range, values: tool === 'values' ? this.measured() : undefined };
  }

  /** The chosen value of every splat, measured once for each scene. */
  private measured(): Measured | undefined {
    const scene = this.scene();
    if (scene === undefined) return undefined;
    const { value, lastMeasured: last } = this;
    if (last?.of === scene && last.value === value) return last;
    const numbers = splatValues(scene, value, { centre: sceneBounds(scene).centre, up: this.upOf(scene) });
    const range = rangeOf(numbers) ?? { min: 0, max: 1 };
    this.lastMeasured = { of: scene, value, numbers, counts: histogramOf(numbers, range, HISTOGRAM_BINS), range };
    return this.lastMeasured;
  }
}
