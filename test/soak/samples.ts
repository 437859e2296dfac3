import { readFileSync, readdirSync } from 'node:fs';
import { processTree } from '../e2e/process-tree.ts';
import type { RunningProcess } from '../e2e/process-tree.ts';

/** What a program's processes of one kind hold at a moment. */
export interface Sample {
  readonly minutes: number;
  /** Memory in MiB that is the processes' own, by kind. */
  readonly mebibytes: Readonly<Record<string, number>>;
  /** Open files, pipes and sockets, by kind. */
  readonly handles: Readonly<Record<string, number>>;
}

const KINDS: readonly (readonly [kind: string, mark: RegExp])[] = [
  ['graphics', /--type=gpu-process/],
  ['page', /--type=renderer/],
  ['zygote', /--type=zygote|chrome_crashpad/],
  ['network', /NetworkService/i],
  ['inference', /NodeService/],
  ['other', /--type=/],
];

/** Looks at a process and all that it started. Linux only: the figures come from /proc. */
export function sample(root: number, minutes: number): Sample {
  const mebibytes: Record<string, number> = {};
  const handles: Record<string, number> = {};
  for (const one of processTree(root)) {
    const held = heldBy(one);
    if (held === undefined) continue;
    const kind = KINDS.find(([, mark]) => mark.test(one.command))?.[0] ?? 'main';
    mebibytes[kind] = (mebibytes[kind] ?? 0) + held.mebibytes;
    handles[kind] = (handles[kind] ?? 0) + held.handles;
  }
  return { minutes, mebibytes, handles };
}

/** Undefined where the process is gone meanwhile. */
function heldBy({ pid }: RunningProcess): { readonly mebibytes: number; readonly handles: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    return { mebibytes: kibibytes / 1024, handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}
