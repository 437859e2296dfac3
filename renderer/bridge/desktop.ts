import { BATCH_MESSAGES } from './batch.ts';
import { CAPTURE_MESSAGES } from './capture.ts';
import type { Listeners } from './events.ts';
import { FILE_MESSAGES } from './files.ts';
import { INFERENCE_MESSAGES } from './inference-messages.ts';
import { JOB_MESSAGES } from './jobs.ts';
import type { CallsOf, DroppedIn, HandlersOf } from './message.ts';
import { MODEL_MESSAGES } from './models.ts';
import { PROJECT_MESSAGES } from './project.ts';
import { SHOW_MESSAGES } from './show.ts';
import { UPDATE_MESSAGES } from './updates.ts';
import { WINDOW_MESSAGES } from './window.ts';

/** Every message that the page may send, by its channel. */
export const MESSAGES = {
  ...WINDOW_MESSAGES,
  ...FILE_MESSAGES,
  ...MODEL_MESSAGES,
  ...CAPTURE_MESSAGES,
  ...SHOW_MESSAGES,
  ...PROJECT_MESSAGES,
  ...BATCH_MESSAGES,
  ...JOB_MESSAGES,
  ...INFERENCE_MESSAGES,
  ...UPDATE_MESSAGES,
};

export type Channel = keyof typeof MESSAGES;
export type DroppedChannel = DroppedIn<typeof MESSAGES>;

/** Main's answers to every message. */
export type Handlers = HandlersOf<typeof MESSAGES>;

/** What the page may ask of the desktop. The preload script implements it; Electron's main process answers. */
export interface DesktopBridge extends CallsOf<typeof MESSAGES>, Listeners {}

declare global {
  interface Window {
    readonly desktop: DesktopBridge;
  }
}
