import type { SplatScene } from '../core/splat-scene.ts';
import { CHANGES, changePlaces, measureChange, type ChangeKind } from './change.ts';
import { histogramOf, magnitudePercentile, type Histogram } from './distribution.ts';

/** Share of the splats that a fitted map shows without cutting off. */
export const FITTED_SHARE = 0.98;
/** End of the map where nothing changed at all. */
const SMALLEST_END = 1e-4;
const BINS = 41;

/** What the numbers say about all splats together. */
export interface ChangeSummary {
  /** Magnitudes. */
  readonly median: number;
  readonly fitted: number;
  /** Splats beyond the map's end. */
  readonly beyond: number;
  /** Splats without a value. */
  readonly missing: number;
  readonly histogram: Histogram;
}

/**
 * The change of one kind between two scenes, placed on a colour map. The map's end is fitted once for each original and
 * kind and then stays, so that a refinement made weaker or stronger shows as such.
 */
export class ChangeMap {
  private readonly fitted = new Map<ChangeKind, number>();
  private original: SplatScene | undefined;
  private measured:
    | {
        readonly before: SplatScene;
        readonly after: SplatScene;
        readonly kind: ChangeKind;
        readonly values: Float32Array;
      }
    | undefined;

  private radius = 1;

  /** @param radiusOf size of a scene in world units, for `moved`; asked once an original */
  constructor(private readonly radiusOf: (scene: SplatScene) => number) {}

  /** Measures the change, unless that was done for these very scenes and this kind. */
  measure(before: SplatScene, after: SplatScene, kind: ChangeKind): void {
    if (this.original !== before) {
      this.original = before;
      this.fitted.clear();
      this.radius = this.radiusOf(before);
    }
    const { measured } = this;
    if (measured?.before === before && measured.after === after && measured.kind === kind) return;
    this.measured = { before, after, kind, values: measureChange(before, after, kind, this.radius) };
    if (!this.fitted.has(kind)) this.fit();
  }

  /** Fits the map's end to what was measured last. */
  fit(): void {
    if (this.measured === undefined) return;
    const end = magnitudePercentile(this.measured.values, FITTED_SHARE);
    // Nothing to fit to: the next scene may change more.
    if (end > 0) this.fitted.set(this.measured.kind, end);
    else this.fitted.delete(this.measured.kind);
  }

  /** Value at the map's end for a factor on the fitted one. */
  largest(scale: number): number {
    const fitted = this.measured === undefined ? undefined : this.fitted.get(this.measured.kind);
    return Math.max(SMALLEST_END, (fitted ?? 0) * scale);
  }

  /** @returns (N) values on the map, in an array of their own; undefined before anything was measured */
  mapValues(scale: number): Float32Array | undefined {
    if (this.measured === undefined) return undefined;
    const { values, kind } = this.measured;
    return changePlaces(values, CHANGES[kind].isSigned, this.largest(scale), new Float32Array(values.length));
  }

  summary(scale: number): ChangeSummary | undefined {
    if (this.measured === undefined) return undefined;
    const { values, kind } = this.measured;
    const largest = this.largest(scale);
    const histogram = histogramOf(values, CHANGES[kind].isSigned ? -largest : 0, largest, BINS);
    return {
      median: magnitudePercentile(values, 0.5),
      fitted: magnitudePercentile(values, FITTED_SHARE),
      beyond: histogram.below + histogram.above,
      missing: histogram.missing,
      histogram,
    };
  }
}
