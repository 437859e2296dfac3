export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Asks again until the answer is not undefined. @throws Error that names `what`, after `seconds` */
export async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  seconds = 120,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (performance.now() > end) throw new Error(`After ${seconds} s: ${what}.`);
    await pause(50);
  }
}
