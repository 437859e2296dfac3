import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chown, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { MainProcess } from './main-process.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
export const UNPACKED = join(ROOT, 'out/linux-unpacked');
export const EXECUTABLE = 'splatformer-desktop';

/** Debian's account of nobody: what is installed is started by an ordinary user, with Chromium's sandbox on. */
const NOBODY = 65534;
const IS_ROOT = process.getuid?.() === 0;

/** A folder that the ordinary user may write to. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'splatformer-packed-'));
  await giveAway(home);
  return home;
}

export async function giveAway(path: string): Promise<void> {
  if (IS_ROOT) await chown(path, NOBODY, NOBODY);
}

/** The unpacked build in a place that the ordinary user can read, whoever made the checkout. */
export async function copyUnpacked(home: string): Promise<string> {
  const folder = join(home, 'app');
  await mkdir(folder);
  await cp(UNPACKED, folder, { recursive: true });
  return folder;
}

/** Lets a copy of the executable take a debugger, as the shipped one never does: the tests answer its dialogs. */
export async function allowDebugger(folder: string): Promise<void> {
  await flipFuses(join(folder, EXECUTABLE), {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

/** A command as the ordinary user types it: nothing of this process's environment but the display. */
export function asOrdinaryUser(home: string, command: string, args: readonly string[]): string[] {
  const environment = [`HOME=${home}`, 'PATH=/usr/bin:/bin', `DISPLAY=${process.env['DISPLAY'] ?? ''}`];
  const line = ['env', '-i', ...environment, command, ...args];
  if (!IS_ROOT) return line;
  return ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...line];
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export function runInstalled(home: string, command: string, ...args: string[]): Promise<Ended> {
  const [program, ...rest] = asOrdinaryUser(home, command, args);
  return new Promise((done) => {
    execFile(program, rest, { cwd: home, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      done({ code, stdout, stderr });
    });
  });
}

/** The installed app, running with a window. */
export interface InstalledApp {
  readonly page: Page;
  readonly main: MainProcess;
  /** Quits as the menu does. Resolves with the exit code. */
  quit(): Promise<number | null>;
  close(): Promise<void>;
}

/** Starts a copy that takes a debugger (`allowDebugger`) and waits for its page. */
export async function startInstalled(home: string, command: string, ...args: string[]): Promise<InstalledApp> {
  const switches = ['--graphics=software', `--user-data-dir=${join(home, 'user-data')}`];
  const ports = ['--inspect=0', '--remote-debugging-port=0'];
  const [program, ...rest] = asOrdinaryUser(home, command, [...ports, ...switches, ...args]);
  const child = spawn(program, rest, { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<number | null>((done) => child.on('exit', done));
  const addresses = await listen(child);
  const main = await MainProcess.attach(addresses.main);
  // Who attaches while a page navigates may wait for that navigation for ever.
  await expect.poll(() => main.run(hasLoaded, undefined).catch(() => false)).toBe(true);
  const browser = await chromium.connectOverCDP(addresses.browser);
  const quit = async (): Promise<number | null> => {
    await main.run(({ app }) => void setImmediate(() => app.quit()), undefined);
    // Node waits with its end until the debugger is gone.
    main.close();
    return ended;
  };
  const close = async (): Promise<void> => {
    await browser.close().catch(() => undefined);
    main.close();
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  return { page: browser.contexts()[0].pages()[0], main, quit, close };
}

function hasLoaded({ BrowserWindow }: typeof Electron.CrossProcessExports): boolean {
  const [window] = BrowserWindow.getAllWindows();
  return window !== undefined && window.webContents.getURL() !== '' && !window.webContents.isLoading();
}

/** The addresses that Chromium and Node print once they listen. */
function listen(child: ChildProcess): Promise<{ browser: string; main: string }> {
  return new Promise((done, fail) => {
    let browser: string | undefined;
    let main: string | undefined;
    const lines: string[] = [];
    if (child.stderr === null) return fail(new Error('The app has no standard error.'));
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      browser ??= /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
      main ??= /^Debugger listening on (ws:\S+)$/.exec(line)?.[1];
      if (browser !== undefined && main !== undefined) done({ browser, main });
    });
    child.on('exit', (code) => fail(new Error(`The app ended with ${code}:\n${lines.join('\n')}`)));
  });
}

export function removeHome(home: string): Promise<void> {
  return rm(home, { recursive: true, force: true });
}
