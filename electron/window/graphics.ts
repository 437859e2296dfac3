import type { App } from 'electron';
import type { GraphicsMode } from '../../renderer/bridge/settings.ts';
import type { GraphicsReport } from '../../renderer/bridge/window.ts';
import { NO_ADAPTER_EXIT_CODE } from './no-adapter-exit-code.ts';
import restartExitCodes from '../restart-exit-codes.json' with { type: 'json' };
import type { SettingsStore } from '../settings.ts';

type Switch = readonly [name: string, value?: string];

/**
 * Chromium switches of each mode. `--use-angle=swiftshader` only ever comes with `--use-vulkan=swiftshader`: alone it
 * makes the GPU process restart without end.
 */
const SWITCHES: Record<GraphicsMode, readonly Switch[]> = {
  default: [],
  'x11-vulkan': [
    ['enable-unsafe-webgpu'],
    ['ozone-platform', 'x11'],
    ['use-angle', 'vulkan'],
    ['enable-features', 'Vulkan,VulkanFromANGLE'],
  ],
  software: [
    ['enable-unsafe-webgpu'],
    ['use-webgpu-adapter', 'swiftshader'],
    ['enable-features', 'Vulkan'],
    ['use-vulkan', 'swiftshader'],
    ['use-angle', 'swiftshader'],
    ['enable-unsafe-swiftshader'],
  ],
};

/**
 * Exit codes that ask the launcher (scripts/start.mjs, which sets SPLATFORMER_LAUNCHER=1 and reads the same file) for a
 * start in this mode. It waits for this process and ends the virtual display with it, so the app must not go on in a
 * process of its own.
 */
const RESTART_EXIT_CODES: Record<GraphicsMode, number> = restartExitCodes;

/** Modes in the order in which they are tried. X11 is a Linux matter. */
export function graphicsLadder(platform: NodeJS.Platform): readonly GraphicsMode[] {
  return platform === 'linux' ? ['default', 'x11-vulkan', 'software'] : ['default', 'software'];
}

/** The mode to try after `mode` failed, or undefined when all have been tried. */
export function nextMode(mode: GraphicsMode, platform: NodeJS.Platform): GraphicsMode | undefined {
  const ladder = graphicsLadder(platform);
  return ladder[ladder.indexOf(mode) + 1];
}

/**
 * The mode of this start: named by `--graphics=MODE`, else the one after a trial that never reported, else the last
 * good one.
 */
export function chooseMode(
  named: string | undefined,
  remembered: { mode: GraphicsMode; trying?: GraphicsMode | undefined },
  platform: NodeJS.Platform,
): GraphicsMode {
  const ladder = graphicsLadder(platform);
  const known = ladder.find((mode) => mode === named);
  if (known !== undefined) return known;
  if (remembered.trying !== undefined) return nextMode(remembered.trying, platform) ?? 'default';
  return ladder.includes(remembered.mode) ? remembered.mode : 'default';
}

/** Switches of a mode as command-line arguments, for a restart. */
export function modeArguments(mode: GraphicsMode): string[] {
  return [
    `--graphics=${mode}`,
    ...SWITCHES[mode].map(([name, value]) => (value === undefined ? `--${name}` : `--${name}=${value}`)),
  ];
}

/** The arguments of a restart in `mode`: those of this start without any mode's own switches. */
export function restartArguments(current: readonly string[], mode: GraphicsMode): string[] {
  const names = new Set(['graphics', ...Object.values(SWITCHES).flatMap((list) => list.map(([name]) => name))]);
  const kept = current.filter((argument) => !names.has(/^--([^=]+)/.exec(argument)?.[1] ?? ''));
  return [...modeArguments(mode), ...kept];
}

/** Owns the graphics mode of this process: sets its switches before ready and restarts the app on a failed probe. */
export class Graphics {
  readonly mode: GraphicsMode;
  private decided = false;

  constructor(
    private readonly app: App,
    private readonly settings: SettingsStore,
    /** A task ends where it would restart, and leaves the remembered mode to the app that people see. */
    private readonly isTask: boolean,
  ) {
    const named = app.commandLine.getSwitchValue('graphics') || undefined;
    this.mode = chooseMode(named, settings.get().graphics, process.platform);
    for (const [name, value] of SWITCHES[this.mode]) this.addSwitch(name, value);
    // After two losses Chromium would give no adapter for minutes, as to a web page that may mean harm.
    app.disableDomainBlockingFor3DAPIs();
    // After three losses within minutes it would give none until it is started again; the page asks with patience.
    this.addSwitch('disable-gpu-process-crash-limit', undefined);
  }

  /** Chromium heeds only the last of several --enable-features, so the lists are joined. */
  private addSwitch(name: string, value: string | undefined): void {
    const { commandLine } = this.app;
    if (name === 'enable-features' && value !== undefined) {
      const features = new Set(
        [...commandLine.getSwitchValue(name).split(','), ...value.split(',')].filter((feature) => feature !== ''),
      );
      commandLine.appendSwitch(name, [...features].join(','));
    } else if (value === undefined) commandLine.appendSwitch(name);
    else commandLine.appendSwitch(name, value);
  }

  /**
   * Takes the page's probe, or the death of the GPU process before it. Restarts in the next mode where that may help.
   */
  decide(report: GraphicsReport): 'continue' | 'restarting' {
    if (this.decided) return 'continue';
    this.decided = true;
    if (report.usable) {
      this.rememberMode(this.mode);
      return 'continue';
    }
    const next = nextMode(this.mode, process.platform);
    if (next !== undefined && this.isTask) {
      // Whoever started the task waits for this process: it starts the next one itself.
      this.app.exit(NO_ADAPTER_EXIT_CODE);
      return 'restarting';
    }
    if (next === undefined) {
      this.rememberMode('default');
      return 'continue';
    }
    this.restart(next);
    return 'restarting';
  }

  private rememberMode(mode: GraphicsMode): void {
    if (!this.isTask) this.settings.remember({ graphics: { mode } });
  }

  restart(mode: GraphicsMode): void {
    this.settings.remember({ graphics: { mode: this.settings.get().graphics.mode, trying: mode } });
    if (process.env['SPLATFORMER_LAUNCHER'] === '1') {
      this.app.exit(RESTART_EXIT_CODES[mode]);
      return;
    }
    this.app.relaunch({ args: restartArguments(process.argv.slice(1), mode) });
    this.app.exit(0);
  }
}
