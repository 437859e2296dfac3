import type { ThemeChoice } from '../../bridge/settings.ts';
import type { CommandId } from '../../bridge/commands.ts';
import type { AppContext, Feature, FeatureState } from '../feature.ts';
import { followTheme } from '../ui/theme.ts';

const THEMES: Record<ThemeChoice, CommandId> = {
  system: 'view.themeSystem',
  dark: 'view.themeDark',
  light: 'view.themeLight',
};

/** Dark, light, or as the system has it. */
export class ThemeFeature implements Feature {
  readonly commands: Feature['commands'];

  constructor(private readonly context: AppContext) {
    followTheme((ground) => context.viewport.setBackground(ground));
    this.commands = Object.fromEntries(
      Object.entries(THEMES).map(([theme, id]) => [id, () => context.memory.change({ theme: theme as ThemeChoice })]),
    );
  }

  state(): FeatureState {
    return { disabled: [], checked: [THEMES[this.context.memory.current.theme]] };
  }
}
