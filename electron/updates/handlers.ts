import type { HandlersOf } from '../../renderer/bridge/message.ts';
import type { UPDATE_MESSAGES } from '../../renderer/bridge/updates.ts';
import type { Updates } from './updates.ts';

/** Answers to the page's messages about new versions. */
export function updateHandlers(updates: Updates): HandlersOf<typeof UPDATE_MESSAGES> {
  return {
    updateView: () => updates.view,
    lookAtStart: (isWanted) => updates.lookAtStart(isWanted),
    checkForUpdates: () => updates.check(),
    downloadUpdate: () => updates.download(),
    cancelUpdateDownload: () => updates.cancel(),
    installAtQuit: (isWanted) => updates.installAtQuit(isWanted),
  };
}
