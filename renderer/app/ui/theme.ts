/** Follows `prefers-color-scheme`, which main sets from the person's choice (View > Theme) or leaves to the system. */
export function followTheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const root = document.documentElement;
    // Web Awesome knows its themes by these classes; the app's own colours hang on them too.
    root.classList.toggle('wa-dark', dark.matches);
    root.classList.toggle('wa-light', !dark.matches);
  };
  dark.addEventListener('change', apply);
  apply();
}
