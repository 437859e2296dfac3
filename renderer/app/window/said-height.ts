/** Between what is said over the floor and names in the picture above it, in pixels. */
const GAP = 10;

/**
 * Tells the style sheets, as `--said`, how high the cards stand that say something over the floor (banner, job), so
 * that names in the picture stand above them.
 */
export function watchSaidHeight(stage: HTMLElement, cards: readonly HTMLElement[]): void {
  const measured = new ResizeObserver(() => {
    // A result's card stands in the left corner, not across the floor.
    const heights = cards
      .filter(({ classList }) => !classList.contains('card'))
      .map(({ offsetHeight }) => offsetHeight);
    const height = Math.max(0, ...heights);
    stage.style.setProperty('--said', `${height === 0 ? 0 : height + GAP}px`);
  });
  for (const card of cards) measured.observe(card);
}
