import { el } from './dom.ts';
import { mapVec3 } from '../../core/vector.ts';
import type { Rgb, Vec3 } from '../../core/vector.ts';
import { colourOf } from './theme.ts';

const AXES = ['X', 'Y', 'Z'] as const;

export type Options<T extends string> = readonly (readonly [value: T, label: string])[];

export interface Choice<T extends string> {
  readonly element: HTMLElementTagNameMap['wa-select'];
  show(value: T, disabled?: readonly T[]): void;
  /** Puts other options in the place of those there are. */
  offer(options: Options<T>): void;
}

/** Makes a choice of one of a few, in a list that opens. */
export function choice<T extends string>(label: string, options: Options<T>, chosen: (value: T) => void): Choice<T> {
  const element = el('wa-select');
  element.label = label;
  element.size = 's';
  let items: HTMLElementTagNameMap['wa-option'][] = [];
  const offer = (offered: Options<T>): void => {
    items = offered.map(([value, text]) => {
      const item = el('wa-option', { text });
      item.value = value;
      return item;
    });
    element.replaceChildren(...items);
  };
  offer(options);
  element.addEventListener('change', () => chosen(element.value as T));
  return {
    element,
    offer,
    show: (value, disabled = []) => {
      for (const item of items) item.disabled = disabled.includes(item.value as T);
      element.value = value;
    },
  };
}

export interface NumberField {
  readonly element: HTMLElementTagNameMap['wa-input'];
  show(value: number): void;
}

/** Makes a field for one number; text that is none, or beyond the limits, falls back to what was there. */
export function numberField(
  label: string,
  { min = -Infinity, max = Infinity }: { readonly min?: number; readonly max?: number },
  changed: (value: number) => void,
): NumberField {
  const element = el('wa-input');
  element.label = label;
  element.size = 's';
  element.inputMode = 'decimal';
  element.autocomplete = 'off';
  let shown = 0;
  let isBeingTyped = false;
  const write = (): void => {
    element.value = shortNumber(shown);
  };
  element.addEventListener('input', () => (isBeingTyped = true));
  element.addEventListener('focusout', () => (isBeingTyped = false));
  element.addEventListener('change', () => {
    isBeingTyped = false;
    const value = Number((element.value ?? '').replace(',', '.'));
    if (element.value?.trim() === '' || !Number.isFinite(value) || value < min || value > max) write();
    else if (value !== Number(shortNumber(shown))) changed(value);
  });
  return {
    element,
    show: (value) => {
      shown = value;
      // What is being typed stays until it is entered.
      if (!isBeingTyped) write();
    },
  };
}

export interface VectorFields {
  readonly element: HTMLElement;
  show(vector: Vec3): void;
}

/** Makes three fields for a vector's components. */
export function vectorFields(
  label: string,
  limits: { readonly min?: number },
  changed: (vector: Vec3) => void,
): VectorFields {
  let shown: Vec3 = [0, 0, 0];
  const fields = AXES.map((axis, index) =>
    numberField(`${label} ${axis}`, limits, (value) => changed(mapVec3(shown, (v, k) => (k === index ? value : v)))),
  );
  return {
    element: el('div', { class: 'vector' }, ...fields.map(({ element }) => element)),
    show: (vector) => {
      shown = vector;
      fields.forEach((field, k) => field.show(vector[k]));
    },
  };
}

/** Writes up to five figures: enough to place a box, short enough for a field. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(5)));
}

export interface SliderRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The value in words. */
  readonly format: (value: number) => string;
}

export interface SliderListener {
  /** Called while the slider moves. */
  readonly moved?: (value: number) => void;
  /** Called when it comes to rest. */
  readonly chosen?: (value: number) => void;
}

/** A slider with its value in words beside the label. */
export interface SliderField {
  readonly element: HTMLElement;
  readonly slider: HTMLElementTagNameMap['wa-slider'];
  show(value: number): void;
}

/** Makes a slider that shows its value in a tooltip, where there is no room for it. */
export function slider(
  label: string,
  { min, max, step, format }: SliderRange,
  { moved, chosen }: SliderListener,
): HTMLElementTagNameMap['wa-slider'] {
  const element = el('wa-slider');
  element.label = label;
  element.size = 's';
  element.min = min;
  element.max = max;
  element.step = step;
  element.valueFormatter = format;
  element.addEventListener('input', () => moved?.(element.value));
  element.addEventListener('change', () => chosen?.(element.value));
  return element;
}

/** Makes a slider with its value in words beside the label. */
export function sliderField(label: string, range: SliderRange, listener: SliderListener): SliderField {
  const output = el('output', { class: 'slider-value' });
  const write = (value: number): void => {
    output.textContent = range.format(value);
  };
  const element = slider(label, range, {
    ...listener,
    moved: (value) => {
      write(value);
      listener.moved?.(value);
    },
  });
  return {
    element: el('div', { class: 'slider-field' }, element, output),
    slider: element,
    show: (value) => {
      // A slider that is there already is left alone: a person may be dragging it.
      if (Math.abs(element.value - value) > range.step * 0.51) element.value = value;
      write(value);
    },
  };
}

/** Makes a switch; `show` sets it without a word to `changed`. */
export function switchField(
  label: string,
  changed: (isOn: boolean) => void,
): { readonly element: HTMLElementTagNameMap['wa-switch']; show(isOn: boolean): void } {
  const element = el('wa-switch', { text: label });
  element.size = 's';
  element.addEventListener('change', () => changed(element.checked));
  return {
    element,
    show: (isOn) => {
      if (element.checked !== isOn) element.checked = isOn;
    },
  };
}

export interface ColourField {
  readonly element: HTMLInputElement;
  /** Red, green and blue from 0 to 1. */
  value: Rgb;
}

/** Makes a field for a colour; a screen reader says the label. */
export function colourField(label: string): ColourField {
  const element = el('input', { class: 'colour-field', 'aria-label': label });
  element.type = 'color';
  return {
    element,
    get value() {
      return colourOf(element.value);
    },
    set value(colour) {
      element.value = hexOf(colour);
    },
  };
}

/** Puts a label over controls that have none of their own. */
export function labelled(label: string, ...controls: HTMLElement[]): HTMLElement {
  return el('div', { class: 'field' }, el('span', { text: label }), ...controls);
}

/** Puts controls side by side. */
export function row(...controls: HTMLElement[]): HTMLElement {
  return el('div', { class: 'row' }, ...controls);
}

/** Puts parts of a panel one below the other. */
export function column(...parts: HTMLElement[]): HTMLElement {
  return el('div', { class: 'panel' }, ...parts);
}

/** Makes a quiet sentence below what it explains. */
export function hint(text: string): HTMLElement {
  return el('p', { class: 'hint', text });
}

function hexOf(colour: Rgb): string {
  const bytes = colour.map((value) => Math.round(value * 255));
  return `#${bytes.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
