import { finiteMean } from '../core/metrics.ts';

/** A picture's figures against its photo. */
export interface Figures {
  /** dB; Infinity where picture and photo are equal. */
  readonly psnr: number;
  readonly ssim: number;
}

/** One photo with the figures of the scene before and, where it was refined, after. */
export interface MeasuredView {
  readonly image: string;
  /** Degrees of the camera above the scene's middle; undefined where no up direction is known. */
  readonly elevationDegrees?: number | undefined;
  readonly before: Figures;
  readonly after?: Figures | undefined;
}

/** What the command line prints: null stands for the infinite PSNR of equal pictures, which JSON cannot write. */
export interface MetricsReport {
  readonly views: readonly { readonly image: string; readonly psnr: number | null; readonly ssim: number }[];
  /** Over the views; the PSNR over those where it is finite, null where it is so in none. */
  readonly mean: { readonly psnr: number | null; readonly ssim: number };
}

/** @param views at least one */
export function metricsReport(views: readonly ({ readonly image: string } & Figures)[]): MetricsReport {
  return {
    views: views.map(({ image, psnr, ssim }) => ({ image, psnr: Number.isFinite(psnr) ? psnr : null, ssim })),
    mean: meanOf(views),
  };
}

/** @param figures at least one */
export function meanOf(figures: readonly Figures[]): MetricsReport['mean'] {
  return {
    psnr: finiteMean(figures.map(({ psnr }) => psnr)),
    ssim: figures.reduce((sum, { ssim }) => sum + ssim, 0) / figures.length,
  };
}

/**
 * Means of before and after over the same views, so that their difference is the mean gain; each PSNR over the views
 * where both are finite.
 * @param views at least one
 */
export function meansOf(views: readonly MeasuredView[]): {
  readonly before: MetricsReport['mean'];
  readonly after: MetricsReport['mean'] | undefined;
} {
  const pairs = views.flatMap(({ before, after }) => (after === undefined ? [] : [{ before, after }]));
  if (pairs.length === 0) return { before: meanOf(views.map(({ before }) => before)), after: undefined };
  const finite = pairs.filter(({ before, after }) => Number.isFinite(before.psnr) && Number.isFinite(after.psnr));
  const mean = (which: 'before' | 'after'): MetricsReport['mean'] => ({
    psnr: finiteMean(finite.map((pair) => pair[which].psnr)),
    ssim: meanOf(pairs.map((pair) => pair[which])).ssim,
  });
  return { before: mean('before'), after: mean('after') };
}

/** Comma-separated values with a header, as spreadsheets read them (RFC 4180). Infinite PSNR is written `inf`. */
export function measuredCsv(views: readonly MeasuredView[]): string {
  const hasAfter = views.some(({ after }) => after !== undefined);
  const header = [
    'image',
    'elevation_degrees',
    'psnr_before',
    'ssim_before',
    ...(hasAfter ? ['psnr_after', 'ssim_after', 'psnr_gain', 'ssim_gain'] : []),
  ];
  const rows = views.map(({ image, elevationDegrees, before, after }) => [
    quoted(image),
    elevationDegrees === undefined ? '' : elevationDegrees.toFixed(3),
    ...pair(before),
    ...(hasAfter ? (after === undefined ? ['', '', '', ''] : [...pair(after), ...gain(before, after)]) : []),
  ]);
  return `${[header, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

function pair({ psnr, ssim }: Figures): string[] {
  return [decibels(psnr), ssim.toFixed(6)];
}

function gain(before: Figures, after: Figures): string[] {
  const difference = after.psnr - before.psnr;
  return [Number.isNaN(difference) ? '0.0000' : decibels(difference), (after.ssim - before.ssim).toFixed(6)];
}

function decibels(value: number): string {
  if (Number.isFinite(value)) return value.toFixed(4);
  return value > 0 ? 'inf' : '-inf';
}

/** Spreadsheets run a field that begins like a formula; a leading quote keeps it text. */
function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
