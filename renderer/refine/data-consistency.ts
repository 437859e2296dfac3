import { LARGEST_ALPHA } from '../core/reference-render.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import type { FragmentLists } from './fragment-rasteriser.ts';
import { FragmentRasteriser } from './fragment-rasteriser.ts';
import { ringCamera, viewSize, viewsPerRing } from './ring-cameras.ts';

/** Steps of `enforceDataConsistency`. */
const steps = 10;
/** Of the high views' error that counts. */
const highShare = 0.2;
/** Curvature from which dc and opacity logits move at all: little more than a pixel of weight. */
const damping = { dc: 1.25 * SH_C0 ** 2, opacity: 0.006 } as const;
/**
 * What is taken by pixels and kept at once, over all views (8 bytes each); a scene that needs more is looked at from
 * fewer.
 */
const mostTaken = 24_000_000;
/** In a pixel: what is below moves no picture, and is more than half of all that is taken. */
const smallestWeight = 0.002;

const pixels = viewSize * viewSize;
/** Red, green and blue over grey; grey times the coverage. Together the error over a random background. */
const channels = 4;
const grey = 0.5;
/** Of a splat: dc and opacity logit. */
const numbers = 4;
/**
 * An opaque splat hardly moves until it is one no more, so its curvature is taken as of a less opaque one, and no step
 * is longer than this many logits.
 */
const smallestRoom = 0.1;
const longestStep = 0.5;

// Of this module, as inner loops reach its own constants faster than imported ones.
const largestAlpha: number = LARGEST_ALPHA;
const c0: number = SH_C0;

/** Columns of features. */
const opacityColumn = 6;
const dcColumn = 11;

/**
 * Both rings by turns, and round them in steps of five (no divisor of their views), so that few of them look from all
 * sides.
 */
const viewOrder = Array.from(
  { length: 2 * viewsPerRing },
  (_, i) => ({ ring: i % 2 === 0 ? 'consistency' : 'high', view: (Math.floor(i / 2) * 5) % viewsPerRing }) as const,
);

interface View {
  readonly taken: FragmentLists;
  /** (pixels, channels) of the pictures that what is taken makes. */
  readonly wanted: Float32Array;
  /** Of its error that counts. */
  readonly share: number;
}

/**
 * Keeps what the capture showed: moves dc and opacity logits of `after`, in place, until the low views look as they do
 * of `before`. Those views are what a
 * capture fixes, and there the scene was right. The views from above shall stay as they are of `after` meanwhile.
 * Preconditioned gradient steps with
 * Nesterov's momentum; geometry stays, so what pixels take of which splat is found once.
 * models/training/native/reconcile.hpp's twin.
 * @param before,after (splats, stride) features as for `visibilityFeatures`
 * @param beforeView awaited before each view of each step, with the share that is done
 */
export async function enforceDataConsistency(
  before: Float32Array,
  after: Float32Array,
  stride: number,
  beforeView: (done: number) => Promise<void>,
): Promise<void> {
  const all = viewOrder.length * (steps + 2);
  const splats = after.length / stride;
  const columns = [dcColumn, dcColumn + 1, dcColumn + 2, opacityColumn];
  const now = new Float32Array(splats * numbers);
  for (let i = 0; i < now.length; i++) now[i] = after[Math.floor(i / numbers) * stride + columns[i % numbers]];
  const start = now.slice();
  const canvas = new Canvas(start);
  const views = await viewsOf(before, after, stride, canvas, (done) => beforeView(done / all));
  const curvature = new Float32Array(now.length);
  for (const [index, view] of views.entries()) {
    await beforeView((viewOrder.length + index) / all);
    canvas.addCurvature(view, now, curvature);
  }
  const rates = curvature.map((value, i) => 1 / (value + (i % numbers === 3 ? damping.opacity : damping.dc)));
  const last = now.slice();
  const ahead = new Float32Array(now.length);
  const gradient = new Float32Array(now.length);
  for (let step = 0; step < steps; step++) {
    const momentum = step / (step + 3);
    for (let i = 0; i < now.length; i++) ahead[i] = now[i] + momentum * (now[i] - last[i]);
    gradient.fill(0);
    for (const [index, view] of views.entries()) {
      await beforeView((viewOrder.length * (2 + step) + index) / all);
      canvas.addGradient(view, ahead, gradient);
    }
    last.set(now);
    for (let i = 0; i < now.length; i++) {
      const move = rates[i] * gradient[i];
      now[i] = ahead[i] - (i % numbers === 3 ? Math.min(longestStep, Math.max(-longestStep, move)) : move);
    }
  }
  for (let i = 0; i < now.length; i++) after[Math.floor(i / numbers) * stride + columns[i % numbers]] = now[i];
}

/** What the views should show, and what they take of the changed scene's splats. */
async function viewsOf(
  before: Float32Array,
  after: Float32Array,
  stride: number,
  canvas: Canvas,
  beforeView: (done: number) => Promise<void>,
): Promise<View[]> {
  const [first, second] = [new FragmentRasteriser(before, stride), new FragmentRasteriser(after, stride)];
  const views: View[] = [];
  let total = 0;
  for (const [done, { ring, view }] of viewOrder.entries()) {
    await beforeView(done);
    const camera = ringCamera(ring, view);
    const taken = second.listFragments(camera, smallestWeight);
    total += taken.pixels.length;
    if (total > mostTaken && views.length > 0) break;
    // What was left out of the list is in neither picture, so the list's own is where they start.
    const wanted = canvas.picture(taken).slice();
    if (ring === 'consistency') {
      const [was, is] = [first.picture(camera), taken.picture];
      for (let pixel = 0; pixel < pixels; pixel++) {
        const light = was.transmittance[pixel] - is.transmittance[pixel];
        for (let c = 0; c < 3; c++)
          wanted[pixel * channels + c] += was.colour[3 * pixel + c] - is.colour[3 * pixel + c] + grey * light;
        wanted[pixel * channels + 3] -= grey * light;
      }
    }
    views.push({ taken, wanted, share: ring === 'consistency' ? 1 : highShare });
  }
  return views;
}

/**
 * Draws views of taken splats again and again with other opacities and colours, and tells which way those should go.
 */
class Canvas {
  private readonly transmittance = new Float32Array(pixels);
  private readonly got = new Float32Array(pixels * channels);
  private readonly error = new Float32Array(pixels * channels);
  /** Error times what lies behind the splats that were passed, a number a pixel. */
  private readonly behind = new Float32Array(pixels);
  private readonly slopes = new Float32Array(pixels * channels);
  private readonly passed = new Float32Array(pixels * channels);
  private readonly rgb = new Float32Array(channels);

  /** @param start the numbers with which the views' splats were taken */
  constructor(private readonly start: Float32Array) {}

  /** (pixels, channels) of a view as it was taken, until the next is drawn. */
  picture(taken: FragmentLists): Float32Array {
    this.draw(taken, this.start);
    return this.got;
  }

  /** Adds the gradient of half the squared error. */
  addGradient(view: View, now: Float32Array, gradient: Float32Array): void {
    this.draw(view.taken, now);
    const { transmittance, got, error, behind, rgb } = this;
    const { splats, ends, pixels: at, falloffs } = view.taken;
    for (let pixel = 0, i = 0; pixel < pixels; pixel++) {
      let sum = 0;
      for (let c = 0; c < channels; c++, i++) {
        error[i] = view.share * (got[i] - view.wanted[i]);
        sum += error[i] * got[i];
      }
      behind[pixel] = sum;
    }
    transmittance.fill(1);
    for (let place = 0, k = 0; place < splats.length; place++) {
      const to = splats[place] * numbers;
      const opacity = this.look(view.taken, place, now);
      const [red, green, blue] = rgb;
      let [forRed, forGreen, forBlue, forOpacity] = [0, 0, 0, 0];
      for (const end = ends[place]; k < end; k++) {
        const pixel = at[k];
        const i = pixel * channels;
        const unclamped = falloffs[k] * opacity;
        const alpha = unclamped > largestAlpha ? largestAlpha : unclamped;
        const light = transmittance[pixel];
        const weight = alpha * light;
        const own = error[i] * red + error[i + 1] * green + error[i + 2] * blue + error[i + 3] * grey;
        behind[pixel] -= weight * own;
        if (unclamped <= largestAlpha) forOpacity += (light * own - behind[pixel] / (1 - alpha)) * alpha;
        forRed += weight * error[i];
        forGreen += weight * error[i + 1];
        forBlue += weight * error[i + 2];
        transmittance[pixel] = light * (1 - alpha);
      }
      // A colour that is cut off at 0 gets its slope all the same: it can't come back otherwise.
      gradient[to] += c0 * forRed;
      gradient[to + 1] += c0 * forGreen;
      gradient[to + 2] += c0 * forBlue;
      gradient[to + 3] += forOpacity * (1 - opacity);
    }
  }

  /**
   * Adds a bound of each number's curvature: its slopes times all slopes of the same pixel (rows and columns as in
   * SIRT, Gregor and Benson 2008).
   */
  addCurvature(view: View, now: Float32Array, curvature: Float32Array): void {
    this.draw(view.taken, now);
    this.slopes.fill(0);
    this.walkSlopes(view, now, null);
    for (let i = 0; i < this.slopes.length; i++) this.slopes[i] *= view.share;
    this.walkSlopes(view, now, curvature);
  }

  /**
   * After `draw`: sums the slopes of every pixel's channels by all numbers, without their signs; or, once they are
   * known, adds to `curvature` what they make of each.
   */
  private walkSlopes(view: View, now: Float32Array, curvature: Float32Array | null): void {
    const { transmittance, got, passed, rgb, slopes } = this;
    const { splats, ends, pixels: at, falloffs } = view.taken;
    transmittance.fill(1);
    passed.fill(0);
    for (let place = 0, k = 0; place < splats.length; place++) {
      const to = splats[place] * numbers;
      const opacity = this.look(view.taken, place, now);
      for (const end = ends[place]; k < end; k++) {
        const pixel = at[k];
        const unclamped = falloffs[k] * opacity;
        const alpha = unclamped > largestAlpha ? largestAlpha : unclamped;
        const light = transmittance[pixel];
        const weight = alpha * light;
        const bySelf = unclamped > largestAlpha ? 0 : alpha * Math.max(smallestRoom, 1 - opacity);
        for (let c = 0, i = pixel * channels; c < channels; c++, i++) {
          passed[i] += weight * rgb[c];
          const byOpacity = Math.abs(light * rgb[c] - (got[i] - passed[i]) / (1 - alpha)) * bySelf;
          const byColour = c < 3 ? c0 * weight : 0;
          if (curvature === null) slopes[i] += byOpacity + byColour;
          else {
            curvature[to + c] += byColour * slopes[i];
            curvature[to + 3] += byOpacity * slopes[i];
          }
        }
        transmittance[pixel] = light * (1 - alpha);
      }
    }
  }

  /** Fills `got`. */
  private draw(taken: FragmentLists, now: Float32Array): void {
    const { transmittance, got, rgb } = this;
    const { splats, ends, pixels: at, falloffs } = taken;
    transmittance.fill(1);
    got.fill(0);
    for (let place = 0, k = 0; place < splats.length; place++) {
      const opacity = this.look(taken, place, now);
      const [red, green, blue] = rgb;
      for (const end = ends[place]; k < end; k++) {
        const pixel = at[k];
        const unclamped = falloffs[k] * opacity;
        const alpha = unclamped > largestAlpha ? largestAlpha : unclamped;
        const weight = alpha * transmittance[pixel];
        const i = pixel * channels;
        got[i] += weight * red;
        got[i + 1] += weight * green;
        got[i + 2] += weight * blue;
        got[i + 3] += weight * grey;
        transmittance[pixel] *= 1 - alpha;
      }
    }
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let c = 0; c < 3; c++) got[pixel * channels + c] += grey * transmittance[pixel];
  }

  /** Opacity of a view's splat as the numbers stand; its colour goes to `rgb`. */
  private look({ splats, colours }: FragmentLists, place: number, now: Float32Array): number {
    const from = splats[place] * numbers;
    for (let k = 0; k < 3; k++)
      this.rgb[k] = Math.max(0, colours[3 * place + k] + c0 * (now[from + k] - this.start[from + k]));
    this.rgb[3] = grey;
    return 1 / (1 + Math.exp(-now[from + 3]));
  }
}
