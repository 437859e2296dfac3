import { appendFileSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import type { LogLevel } from '../renderer/bridge/window.ts';

/** At this size the log moves aside to `.old`, so both together stay below twice of it and a line. */
const ROTATE_BYTES = 1 << 20;
const TAIL_LINES = 200;
/** What a person can read of one message; a page may send much longer ones. */
const LONGEST_MESSAGE = 4000;
/** A fault that repeats itself must neither fill the log nor keep the disk busy. */
const LINES_A_SECOND = 50;
const SECOND_MS = 1000;

/**
 * The app's log file. Logging must never be what makes the app fail, so a full or read-only disk is ignored here. The
 * person's own folder is written as `~`.
 */
export class LogFile {
  private bytes = 0;
  private second = -Infinity;
  private linesOfSecond = 0;
  private leftOut = 0;

  constructor(
    readonly path: string,
    private readonly now: () => number = Date.now,
  ) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    } catch {
      // See above: no log is better than no app.
    }
  }

  /** Where the log goes when it is full; it replaces the one that lies there. */
  get oldPath(): string {
    return `${this.path}.old`;
  }

  write(level: LogLevel, message: string): void {
    const now = this.now();
    if (now - this.second >= SECOND_MS || now < this.second) {
      this.second = now;
      this.linesOfSecond = 0;
      if (this.leftOut > 0) this.append(lineOf(now, 'warning', `${this.leftOut} messages were left out.`));
      this.leftOut = 0;
    }
    this.linesOfSecond += 1;
    if (this.linesOfSecond > LINES_A_SECOND) this.leftOut += 1;
    else this.append(lineOf(now, level, message));
  }

  /** The last lines, for Copy Diagnostics. */
  tail(): string {
    try {
      return readFileSync(this.path, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    } catch {
      return '';
    }
  }

  private append(line: string): void {
    try {
      if (this.bytes > ROTATE_BYTES) {
        this.bytes = 0;
        renameSync(this.path, this.oldPath);
      }
      appendFileSync(this.path, line);
      this.bytes += Buffer.byteLength(line);
    } catch {
      // See above.
    }
  }
}

function lineOf(timeMs: number, level: LogLevel, message: string): string {
  const cut = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  const text = withoutHome(cut).replaceAll('\n', '\n    ');
  return `${new Date(timeMs).toISOString()} ${level.toUpperCase()} ${text}\n`;
}

/** Writes the person's own folder as `~`, also in addresses, as they stand in stacks, and by its place behind links. */
export function withoutHome(text: string, home = homedir()): string {
  const names = new Set<string>();
  for (const folder of [realPathOf(home), home]) {
    const slashed = folder.replaceAll('\\', '/');
    for (const name of [folder, slashed, encodeURI(slashed)]) names.add(name);
  }
  // A home that is the root of the disk names nobody.
  return [...names].filter((name) => name.length > 1).reduce((left, name) => left.replaceAll(name, '~'), text);
}

function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
