import type { Session } from 'electron';

/** What the app's own pages are made of. Developer tools are part of Electron itself. */
const LOCAL_SCHEMES = new Set(['app:', 'blob:', 'data:', 'devtools:']);

/** Whether a request stays within the app. */
export function isLocalRequest(url: string): boolean {
  return URL.canParse(url) && LOCAL_SCHEMES.has(new URL(url).protocol);
}

/** Keeps a session off the network: whatever would leave the app is cancelled and reported. */
export function keepOffNetwork(session: Session, onBlocked: (url: string) => void): void {
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    const isLocal = isLocalRequest(url);
    if (!isLocal) onBlocked(url);
    callback({ cancel: !isLocal });
  });
}
