import { colourMapIndex } from '../core/colour-map.ts';
import { HEAT_DECIBELS, type HeatMeasure, type HeatView } from '../gpu/compare-view.ts';
import type { Tick } from './ticks.ts';

/** Luma (Rec. 709 weights) of a display-referred colour, cut off at 0 and 1 as the screen does. */
export function luma(red: number, green: number, blue: number): number {
  return 0.2126 * clamp01(red) + 0.7152 * clamp01(green) + 0.0722 * clamp01(blue);
}

/**
 * Where on its colour map a heat map puts the difference `after - before` of luma, 0..1. CPU twin of
 * shaders/compare.wgsl.
 */
export function heatPlace(difference: number, { measure, largest }: Pick<HeatView, 'measure' | 'largest'>): number {
  const share = difference / largest;
  if (measure === 'signed') return clamp01(0.5 + 0.5 * share);
  if (measure === 'absolute') return clamp01(Math.abs(share));
  return clamp01(1 + (20 * Math.log10(Math.max(Math.abs(share), 1e-9))) / HEAT_DECIBELS);
}

/** Entry of the colour map that a heat map shows for a difference. */
export function heatEntry(difference: number, view: Pick<HeatView, 'measure' | 'largest'>): number {
  return colourMapIndex(heatPlace(difference, view));
}

/** What the legend of a heat map says, from the map's beginning to its end. */
export function heatTicks(measure: HeatMeasure, largest: number): Tick[] {
  if (measure === 'signed')
    return [-1, -0.5, 0, 0.5, 1].map((share) => ({ position: 0.5 + 0.5 * share, label: signedLabel(share * largest) }));
  if (measure === 'absolute')
    return [0, 0.25, 0.5, 0.75, 1].map((share) => ({ position: share, label: shortNumber(share * largest) }));
  const top = 20 * Math.log10(largest);
  return [0, 0.25, 0.5, 0.75, 1].map((position) => ({
    position,
    label: `${position === 0 ? '≤ ' : ''}${minus(Math.round(top - HEAT_DECIBELS * (1 - position)))} dB`,
  }));
}

function signedLabel(value: number): string {
  return value > 0 ? `+${shortNumber(value)}` : minus(value, shortNumber(Math.abs(value)));
}

/** Two significant digits without trailing zeros. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** A number with a real minus sign. */
export function minus(value: number, magnitude = String(Math.abs(value))): string {
  return value < 0 ? `−${magnitude}` : magnitude;
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
