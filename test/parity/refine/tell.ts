/** Prints measured figures into the test log, so that a run shows how near the limits it came. */
export function tell(what: string, ...figures: readonly unknown[]): void {
  process.stdout.write(`${[what, ...figures.map((figure) => JSON.stringify(figure))].join(' ')}\n`);
}
