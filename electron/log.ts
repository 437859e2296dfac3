import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogLevel } from '../renderer/bridge/window.ts';

/** At this size the log moves aside to `.old`, so both together stay small. */
const ROTATE_BYTES = 1 << 20;
const TAIL_LINES = 200;

/** The app's log file. Logging must never be what makes the app fail, so a full or read-only disk is ignored here. */
export class LogFile {
  constructor(readonly path: string) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > ROTATE_BYTES) renameSync(path, `${path}.old`);
    } catch {
      // See above: no log is better than no app.
    }
  }

  write(level: LogLevel, message: string): void {
    const line = `${new Date().toISOString()} ${level.toUpperCase()} ${message.replaceAll('\n', '\n    ')}\n`;
    try {
      appendFileSync(this.path, line);
    } catch {
      // See above.
    }
  }

  /** The last lines, for Copy Diagnostics. */
  tail(): string {
    try {
      return readFileSync(this.path, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    } catch {
      return '';
    }
  }
}
