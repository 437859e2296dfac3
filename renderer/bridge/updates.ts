import { z } from 'zod';
import { message } from './message.ts';

/** How far the app is with a new version of itself. */
export type UpdateStep =
  /** This build has no feed, or this copy can't be replaced; the sentence says which and what to do. */
  | { readonly kind: 'impossible'; readonly sentence: string }
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  /** The feed offers nothing newer. */
  | { readonly kind: 'newest' }
  | { readonly kind: 'offered'; readonly version: string; readonly bytes: number; readonly released: string }
  | { readonly kind: 'downloading'; readonly version: string; readonly bytes: number; readonly totalBytes: number }
  /** Downloaded and checked; `atQuit` says whether quitting installs it. */
  | { readonly kind: 'ready'; readonly version: string; readonly atQuit: boolean }
  | { readonly kind: 'failed'; readonly sentence: string };

/** What the page shows of updates. */
export interface UpdateView {
  /** Version of the app that runs. */
  readonly version: string;
  /** Host of the feed, '' without one. */
  readonly host: string;
  /** Whether every start looks for a new version; undefined until a person has said. */
  readonly atStart: boolean | undefined;
  readonly step: UpdateStep;
}

/** What the page may ask about new versions; `onUpdateChanged` tells what came of it. */
export const UPDATE_MESSAGES = {
  updateView: message<() => UpdateView>(),
  /** Remembers whether every start looks for a new version. */
  lookAtStart: message<(isWanted: boolean) => void>(z.boolean()),
  /** Asks the feed. */
  checkForUpdates: message<() => void>(),
  downloadUpdate: message<() => void>(),
  cancelUpdateDownload: message<() => void>(),
  /** Says whether quitting installs what is downloaded. */
  installAtQuit: message<(isWanted: boolean) => void>(z.boolean()),
};
