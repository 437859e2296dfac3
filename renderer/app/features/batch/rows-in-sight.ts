/** Where a scrolled list stands, in pixels. */
export interface ScrollPlace {
  readonly scrollTop: number;
  /** Height of the visible part, without what covers it. */
  readonly height: number;
  readonly rowHeight: number;
}

/** Rows that are kept around those in sight, so that scrolling meets rows that are there. */
const MARGIN_ROWS = 60;

/**
 * The indices of the rows of a long list that are elements: those in sight, some around them, and `kept` (the one that
 * the keyboard is at), in order.
 */
export function rowsInSight(count: number, { scrollTop, height, rowHeight }: ScrollPlace, kept: number): number[] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - MARGIN_ROWS);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + MARGIN_ROWS);
  const indices = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  if (kept < 0 || kept >= count || (kept >= first && kept < end)) return indices;
  return kept < first ? [kept, ...indices] : [...indices, kept];
}

/** Where to scroll for a row to be wholly in sight, by the shortest way. */
export function scrollToRow(index: number, { scrollTop, height, rowHeight }: ScrollPlace): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}
