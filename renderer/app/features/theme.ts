import type { ThemeChoice } from '../../bridge/settings.ts';
import type { CommandId } from '../../bridge/commands.ts';
import type { AppContext, Feature } from '../feature.ts';
import { followTheme } from '../ui/theme.ts';

const THEMES: Record<ThemeChoice, CommandId> = {
  system: 'view.themeSystem',
  dark: 'view.themeDark',
  light: 'view.themeLight',
};

/** Dark, light, or as the system has it. */
export function themeFeature({ memory, viewport }: AppContext): Feature {
  followTheme((ground) => viewport.setBackground(ground));
  return {
    commands: Object.fromEntries(
      Object.entries(THEMES).map(([theme, id]) => [id, () => memory.change({ theme: theme as ThemeChoice })]),
    ),
    state: () => ({ disabled: [], checked: [THEMES[memory.current.theme]] }),
  };
}
