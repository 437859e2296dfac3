import { join } from 'node:path';
import { BrowserWindow, nativeTheme, shell } from 'electron';
import { MESSAGES } from '../../renderer/bridge/desktop.ts';
import { CHANNELS_SWITCH } from './channels-switch.ts';
import { Gestures } from './gestures.ts';
import { iconFile } from './identity.ts';
import type { LeaveGuard } from './leave-guard.ts';
import { ORIGIN, PAGE_URL } from './protocol.ts';
import type { SettingsStore } from '../settings.ts';

/** Pages that the app may open in the person's browser. */
const EXTERNAL_HOSTS = new Set(['github.com']);
/** The page's ground in each theme, before the page is there. */
const BACKGROUNDS = { dark: '#111316', light: '#eceef1' } as const;

export interface WindowOptions {
  /** Hidden windows serve render jobs. */
  readonly hidden: boolean;
  readonly preloadFile: string;
  readonly settings: SettingsStore;
  readonly leaveGuard: LeaveGuard;
}

/** Creates the app's window, confined to the app's own page. */
export function createWindow({ hidden, preloadFile, settings, leaveGuard }: WindowOptions): BrowserWindow {
  const remembered = settings.get().window;
  const icon = iconFile();
  const window = new BrowserWindow({
    ...(icon === undefined ? {} : { icon }),
    width: remembered?.width ?? 1280,
    height: remembered?.height ?? 820,
    minWidth: 640,
    minHeight: 420,
    show: !hidden,
    backgroundColor: BACKGROUNDS[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
    title: 'SplatFormer Desktop',
    webPreferences: {
      preload: preloadFile,
      additionalArguments: [CHANNELS_SWITCH + Object.keys(MESSAGES).join(',')],
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Refinement goes on while another window covers this one, and render jobs run in a hidden one.
      backgroundThrottling: false,
    },
  });
  if (remembered?.maximized === true && !hidden) window.maximize();
  confine(window);
  if (!hidden) {
    // Chromium remembers a zoom of its own for each origin: the person's choice goes over it with every load.
    window.webContents.on('did-navigate', () =>
      window.webContents.setZoomFactor(settings.get().view.zoomPercent / 100),
    );
    window.on('close', (event) => {
      if (!leaveGuard.isFree) {
        event.preventDefault();
        leaveGuard.leave(() => window.close());
        return;
      }
      const { width, height } = window.getNormalBounds();
      settings.remember({ window: { width, height, maximized: window.isMaximized() } });
    });
  }
  void window.loadURL(PAGE_URL);
  return window;
}

/** No permissions, no navigation, no second window; allowed links open in the person's browser. */
function confine(window: BrowserWindow): void {
  const { webContents } = window;
  webContents.session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  webContents.session.setPermissionCheckHandler(() => false);
  webContents.on('will-navigate', (event) => event.preventDefault());
  webContents.on('will-frame-navigate', (event) => {
    if (!event.url.startsWith(`${ORIGIN}/`)) event.preventDefault();
  });
  // Chromium asks nobody about about:blank, where the app's answers don't go and its page's policy does not reach.
  webContents.on('did-navigate', (_event, url) => {
    if (!url.startsWith(`${ORIGIN}/`)) void webContents.loadURL(PAGE_URL);
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  const gestures = new Gestures();
  webContents.on('input-event', (_event, { type }) => gestures.note(type));
  webContents.setWindowOpenHandler(({ url }) => {
    if (isAllowedLink(url) && gestures.take()) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

export function isAllowedLink(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' && EXTERNAL_HOSTS.has(hostname);
}

export function preloadFile(appPath: string): string {
  return join(appPath, 'dist', 'preload', 'preload.cjs');
}
