import { el } from './dom.ts';

/** A plain button; `kind` paints it as the one to press, or as one that takes something away. */
export function button(label: string, action: () => void, kind?: 'primary' | 'danger'): HTMLButtonElement {
  const element = el('button', { text: label });
  element.type = 'button';
  if (kind !== undefined) element.classList.add(kind);
  element.addEventListener('click', action);
  return element;
}

export interface Segments<T extends string> {
  readonly element: HTMLElement;
  show(value: T, disabled?: readonly T[]): void;
}

/** Buttons side by side of which one is pressed. */
export function segments<T extends string>(
  label: string,
  options: readonly (readonly [value: T, label: string])[],
  chosen: (value: T) => void,
): Segments<T> {
  const buttons = options.map(([value, text]) => [value, button(text, () => chosen(value))] as const);
  const element = el('div', { class: 'segments', 'aria-label': label }, ...buttons.map(([, item]) => item));
  element.setAttribute('role', 'group');
  return {
    element,
    show: (value, disabled = []) => {
      for (const [own, item] of buttons) {
        item.setAttribute('aria-pressed', String(own === value));
        item.disabled = disabled.includes(own);
      }
    },
  };
}

export interface NumberField {
  readonly element: HTMLElementTagNameMap['wa-input'];
  show(value: number): void;
}

/** A field for one number; text that is none, or beyond the limits, falls back to what was there. */
export function numberField(
  label: string,
  { min = -Infinity, max = Infinity }: { readonly min?: number; readonly max?: number },
  changed: (value: number) => void,
): NumberField {
  const element = el('wa-input');
  element.label = label;
  element.size = 'small';
  element.inputMode = 'decimal';
  element.autocomplete = 'off';
  let shown = 0;
  const write = (): void => {
    element.value = shortNumber(shown);
  };
  element.addEventListener('change', () => {
    const value = Number((element.value ?? '').replace(',', '.'));
    if (element.value?.trim() === '' || !Number.isFinite(value) || value < min || value > max) write();
    else if (value !== Number(shortNumber(shown))) changed(value);
  });
  return {
    element,
    show: (value) => {
      shown = value;
      // What is being typed stays until it is said.
      if (!element.matches(':focus-within')) write();
    },
  };
}

/** Up to five figures: enough to place a box, short enough for a field. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** A slider with its value in words beside the label. */
export interface SliderField {
  readonly element: HTMLElement;
  readonly slider: HTMLElementTagNameMap['wa-slider'];
  show(value: number): void;
}

export function sliderField(
  label: string,
  {
    min,
    max,
    step,
    format,
  }: { readonly min: number; readonly max: number; readonly step: number; readonly format: (value: number) => string },
  moved: (value: number) => void,
): SliderField {
  const slider = el('wa-slider');
  const value = el('output', { class: 'slider-value' });
  slider.label = label;
  slider.size = 'small';
  slider.min = min;
  slider.max = max;
  slider.step = step;
  slider.valueFormatter = format;
  slider.addEventListener('input', () => {
    value.textContent = format(slider.value);
    moved(slider.value);
  });
  return {
    element: el('div', { class: 'slider-field' }, slider, value),
    slider,
    show: (shown) => {
      if (slider.value !== shown) slider.value = shown;
      value.textContent = format(shown);
    },
  };
}

export function hint(text: string): HTMLElement {
  return el('p', { class: 'hint', text });
}
