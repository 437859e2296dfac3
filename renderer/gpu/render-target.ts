import type { Rgb } from '../core/vector.ts';
import type { LineSet } from './passes/lines.ts';

/** A texture to draw a picture into. */
export interface RenderTarget {
  readonly view: GPUTextureView;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** How a long picture is drawn, a part at a time. */
export interface PartedFrame {
  /** Splats a part; a multiple of QUADS_PER_INSTANCE. */
  readonly splats: number;
  /** Asked between two parts; false leaves the picture at that. */
  goesOn(): boolean;
  /** Asked once all splats are blended: where they are shown, and with what. */
  finish(): { readonly target: RenderTarget; readonly options: RenderOptions };
}

/** How a picture is drawn. */
export interface RenderOptions {
  /** Display-referred rgb 0..1. */
  readonly background: Rgb;
  /** false: leave the background out and write premultiplied colour with alpha. Default true. */
  readonly opaque?: boolean;
  /** Drawn beneath the splats of one scene, in order; a comparison leaves them out. */
  readonly linesBeneath?: readonly LineSet[];
  /** Drawn over the splats, in order. */
  readonly lines?: readonly LineSet[];
}
