/**
 * Logit of an opacity of 1 - 1e-6: stands for fully opaque, and its negative for fully transparent, where a format
 * keeps opacity in one byte. Anything beyond it is the same byte.
 */
const MAX_LOGIT = Math.log((1 - 1e-6) / 1e-6);

/** Stands for the natural logarithm of a scale of zero; far below any scale that shows. */
const MIN_LOG_SCALE = -20;

/** A logit within -MAX_LOGIT and MAX_LOGIT; NaN stays NaN. */
export function finiteLogit(logit: number): number {
  return Math.max(-MAX_LOGIT, Math.min(MAX_LOGIT, logit));
}

/** A log-scale that is never -Infinity. */
export function finiteLogScale(logScale: number): number {
  return logScale === -Infinity ? MIN_LOG_SCALE : logScale;
}
