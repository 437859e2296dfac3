import { clipboard, nativeTheme } from 'electron';
import type { BrowserWindow } from 'electron';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import type { GraphicsReport, MenuState, WINDOW_MESSAGES } from '../../renderer/bridge/window.ts';
import type { LogFile } from '../log.ts';
import type { SettingsStore } from '../settings.ts';
import type { Graphics } from './graphics.ts';
import type { LeaveGuard } from './leave-guard.ts';

export interface WindowHandlerParts {
  readonly window: () => BrowserWindow;
  readonly settings: SettingsStore;
  readonly log: LogFile;
  readonly graphics: Graphics;
  readonly leaveGuard: LeaveGuard;
  readonly restart: (isKept: boolean) => void;
  readonly setMenuState: (state: MenuState) => void;
  /** Called once the app goes on with the adapter that the page found. */
  readonly graphicsFound: (report: GraphicsReport) => void;
}

/** Answers to the page's messages about the window and the app as a whole. */
export function windowHandlers(parts: WindowHandlerParts): Omit<HandlersOf<typeof WINDOW_MESSAGES>, 'startUp'> {
  const { window, settings, log, graphics, leaveGuard } = parts;
  return {
    reportGraphics: (report) => {
      log.write(report.usable ? 'info' : 'warning', `Graphics mode ${graphics.mode}: ${report.description}`);
      const decision = graphics.decide(report);
      if (decision === 'continue') parts.graphicsFound(report);
      return decision;
    },
    rememberView: (view) => {
      settings.update({ view });
      nativeTheme.themeSource = view.theme;
      window().webContents.setZoomFactor(view.zoomPercent / 100);
    },
    setMenuState: parts.setMenuState,
    setUnsavedWork: (work) => {
      leaveGuard.setUnsavedWork(work);
      if (process.platform === 'darwin') window().setDocumentEdited(work === 'changes');
    },
    restart: parts.restart,
    savedToLeave: (isSaved) => leaveGuard.saved(isSaved),
    copyText: (text) => clipboard.writeText(text),
    recentLog: () => log.tail(),
    log: (level, text) => log.write(level, text),
  };
}
