/**
 * Starts a clock that tells seconds of the wall and of all threads of this process, a software adapter's among them.
 */
export function startClock(): () => { readonly wall: number; readonly processors: number } {
  const since = process.cpuUsage();
  const start = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(since);
    return { wall: (performance.now() - start) / 1000, processors: (user + system) / 1e6 };
  };
}

/** Hands figures to `npm run bench`, with the most memory that this process had, in bytes. */
export function tellFigures(figures: Readonly<Record<string, number | string>>): void {
  process.stdout.write(`${JSON.stringify({ ...figures, peak: process.resourceUsage().maxRSS * 1024 })}\n`);
}
