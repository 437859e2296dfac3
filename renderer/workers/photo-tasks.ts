import type { MeasuredPicture } from '../core/metrics.ts';

/** Pictures to measure against one photo of the same size. */
export interface MeasureMessage {
  readonly photo: MeasuredPicture;
  readonly pictures: readonly MeasuredPicture[];
}

/** PSNR (dB, maybe infinite) and SSIM of each picture. */
export type MeasureReply = readonly { readonly psnr: number; readonly ssim: number }[];
