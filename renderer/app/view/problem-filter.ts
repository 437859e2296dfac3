/** A problem that comes again before this time without it is the same one: each further frame may report it. */
const QUIET_MS = 3000;

/** Tells problems of the device that a person should hear of from their repeats and consequences. */
export class ProblemFilter {
  private readonly lastMs = new Map<string, number>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Notes a problem by its code; whether it is news. */
  isNews(code: string): boolean {
    const now = this.nowMs();
    const isRecent = (other: string): boolean => now - (this.lastMs.get(other) ?? -Infinity) < QUIET_MS;
    // A device without memory complains of every buffer that it did not make, which would hide what to do about it.
    const isNews = !isRecent(code) && !(code === 'gpu-error' && isRecent('out-of-memory'));
    this.lastMs.set(code, now);
    return isNews;
  }
}
