import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { app, crashReporter } from 'electron';

/** Crash reports that are kept, the newest ones: each is a megabyte or a few. */
const KEPT = 5;

/**
 * Writes a report of every process that crashes to the person's own disk, where Help > Report a Problem finds it.
 * Nothing is ever uploaded. Must run before the app is ready.
 */
export function keepCrashReports(folder: string): void {
  app.setPath('crashDumps', folder);
  for (const path of crashReports(folder).slice(KEPT)) rmSync(path, { force: true });
  crashReporter.start({ uploadToServer: false });
}

/** Paths of the reports that there are, the newest first. */
export function crashReports(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.dmp'))
    .map((name) => join(folder, name))
    .map((path) => ({ path, timeMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.timeMs - a.timeMs)
    .map(({ path }) => path);
}
