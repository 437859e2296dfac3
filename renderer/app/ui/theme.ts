import type { Rgb } from '../../core/vector.ts';

/**
 * Follows `prefers-color-scheme`, which main sets from the person's choice (View > Theme) or leaves to the system.
 * Calls `changed` with the colour that the scene is drawn on, at once and after each change.
 */
export function followTheme(changed: (ground: Rgb) => void): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const root = document.documentElement;
    // Web Awesome knows its themes by these classes; the app's own colours hang on them too.
    root.classList.toggle('wa-dark', dark.matches);
    root.classList.toggle('wa-light', !dark.matches);
    changed(themeColour('--ground'));
  };
  dark.addEventListener('change', apply);
  apply();
}

/** Calls `redraw` when the theme's colours have changed, for what is painted in them on a canvas. */
export function watchTheme(redraw: () => void): void {
  // The page takes the colours on in a listener of its own.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => requestAnimationFrame(redraw));
}

/** A colour of the theme, by the name of its variable in theme.css. */
export function themeColour(variable: string): Rgb {
  return colourOf(getComputedStyle(document.documentElement).getPropertyValue(variable));
}

/** `#rrggbb` as numbers from 0 to 1. */
export function colourOf(hex: string): Rgb {
  const value = Number.parseInt(hex.trim().slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
