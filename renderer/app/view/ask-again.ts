/** Seconds to wait before each try: a driver that was reset, or a system that woke up, may need minutes. */
export const WAITS_SECONDS: readonly number[] = [0, 1, 2, 5, 10, 20, 30, 60, 60, 60];

/**
 * Tries until something succeeds, with ever longer waits.
 * @param first index of the first wait: more where it succeeded lately and did not last
 * @param onWait called before each wait but the first, with what went wrong
 * @throws what the last try threw
 */
export async function askAgain(
  attempt: () => Promise<void>,
  first: number,
  onWait: (error: unknown) => void,
  sleep: (seconds: number) => Promise<void> = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
): Promise<void> {
  const from = Math.min(first, WAITS_SECONDS.length - 1);
  for (let i = from; ; i++) {
    await sleep(WAITS_SECONDS[i]);
    try {
      return await attempt();
    } catch (error) {
      if (i + 1 >= WAITS_SECONDS.length) throw error;
      onWait(error);
    }
  }
}
