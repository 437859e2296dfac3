import type { Rgb } from '../../core/vector.ts';

/** The page's ground as red, green and blue from 0 to 1: the scene is drawn on it. */
/**
 * Follows `prefers-color-scheme`, which main sets from the person's choice (View > Theme) or leaves to the system.
 * Calls `changed` with the ground at once and after each change.
 */
export function followTheme(changed: (ground: Rgb) => void): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const root = document.documentElement;
    // Web Awesome knows its themes by these classes; the app's own colours hang on them too.
    root.classList.toggle('wa-dark', dark.matches);
    root.classList.toggle('wa-light', !dark.matches);
    changed(colourOf(getComputedStyle(root).getPropertyValue('--ground')));
  };
  dark.addEventListener('change', apply);
  apply();
}

/** `#rrggbb` as numbers from 0 to 1. */
export function colourOf(hex: string): Rgb {
  const value = Number.parseInt(hex.trim().slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
