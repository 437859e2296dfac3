import type { OnHeadersReceivedListenerDetails, Session } from 'electron';
import { isAllowedAddress } from '../models/catalogue.ts';
import { hostOf } from '../models/http.ts';

/** As many addresses as one download may lead through. */
const MAX_ADDRESSES = 6;

/** Bounds what electron-updater's own session may do: one file of a known size at a time, by HTTPS alone. */
export class TransferGuard {
  private size: number | undefined;
  private addresses = 0;
  private problem: string | undefined;
  private onAnswer: (() => void) | undefined;

  constructor(session: Pick<Session, 'webRequest'>) {
    session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !this.mayAsk(url) }));
    session.webRequest.onHeadersReceived((details, callback) => callback({ cancel: !this.mayBring(details) }));
  }

  /** Lets one file through. `onAnswer` is called once the right one is on its way: no name has to be asked for then. */
  begin(size: number, onAnswer: () => void): void {
    Object.assign(this, { size, addresses: 0, problem: undefined, onAnswer });
  }

  /** Lets nothing through any more. Returns why something was stopped, if it was, as a sentence. */
  end(): string | undefined {
    this.size = undefined;
    return this.problem;
  }

  private mayAsk(url: string): boolean {
    if (this.size === undefined) return false;
    this.addresses += 1;
    if (!isAllowedAddress(url, false))
      return this.stop(`The download was sent on to ${hostOf(url)} over a connection that is not protected.`);
    if (this.addresses > MAX_ADDRESSES) return this.stop(`${hostOf(url)} sent the download on and on.`);
    return true;
  }

  private mayBring({ url, statusCode, responseHeaders = {} }: OnHeadersReceivedListenerDetails): boolean {
    if (statusCode < 200 || statusCode >= 300) return true;
    const header = (name: string): string | undefined =>
      Object.entries(responseHeaders).find(([key]) => key.toLowerCase() === name)?.[1][0];
    const encoding = header('content-encoding') ?? 'identity';
    const isRight = header('content-length') === String(this.size) && encoding === 'identity';
    if (!isRight) return this.stop(`The file that ${hostOf(url)} sends is not of the size that the signed feed says.`);
    this.onAnswer?.();
    return true;
  }

  private stop(problem: string): false {
    this.problem ??= problem;
    return false;
  }
}
