import type { App, Session } from 'electron';

/** What the app's own pages are made of. Developer tools are part of Electron itself. */
const LOCAL_SCHEMES = new Set(['app:', 'blob:', 'data:', 'devtools:']);

/** Nobody listens on this port of this machine. */
const NOWHERE = '127.0.0.1:9';

/** Whether a request stays within the app. */
export function isLocalRequest(url: string): boolean {
  return URL.canParse(url) && LOCAL_SCHEMES.has(new URL(url).protocol);
}

/** Keeps Chromium from fetching what nobody asked for, in every session there will be. Call before the app is ready. */
export function fetchNothingUnasked(app: App): void {
  // A dictionary for spelling is fetched for each session, past webRequest and whatever a window says of spellcheck.
  app.on('session-created', (session) => session.setSpellCheckerLanguages([]));
}

/**
 * Keeps a session off the network: whatever would leave the app is cancelled and reported. What does not pass there
 * (WebRTC, hints to connect) finds a proxy that is not there.
 */
export async function keepOffNetwork(session: Session, onBlocked: (url: string) => void): Promise<void> {
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    const isLocal = isLocalRequest(url);
    if (!isLocal) onBlocked(url);
    callback({ cancel: !isLocal });
  });
  await session.setProxy({
    mode: 'fixed_servers',
    proxyRules: `socks5://${NOWHERE}`,
    proxyBypassRules: '<-loopback>',
  });
}

/**
 * Says whether names of hosts may be asked for. A hint in a page (`dns-prefetch`) asks for one past every check of a
 * session, so that may only be while something is fetched that a person asked for.
 */
export class HostNames {
  /** Downloads under way. */
  private users = 0;

  constructor(private readonly app: Pick<App, 'configureHostResolver'>) {}

  /** Forbids them. Call once the app is ready. */
  forbid(): void {
    this.app.configureHostResolver({ secureDnsMode: 'secure', secureDnsServers: [`https://${NOWHERE}/dns-query`] });
  }

  /** Allows them for one download more, or for one less; without any they are forbidden. */
  allow(isAllowed: boolean): void {
    this.users += isAllowed ? 1 : -1;
    if (this.users > 0) this.app.configureHostResolver({ secureDnsMode: 'automatic', secureDnsServers: [] });
    else this.forbid();
  }
}
