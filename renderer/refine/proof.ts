import type { CameraParameters } from '../core/camera-parameters.ts';
import type { RenderedView } from './fragment-rasteriser.ts';
import { FragmentRasteriser } from './fragment-rasteriser.ts';

/** Weight in pixels against which a splat's weight over differences counts. */
const faint = 0.03;
/** Rounds of the line search, and how far a strength falls in one of them: what a splat hides counts in the next. */
const rounds = 6;
const fall = [0.03, 0.9] as const;
/** Halvings of all strengths before nothing of the answer is kept. */
const halvings = 5;

/** What a proof found. */
export interface Proof {
  /** (changed splats) 0..1: how much of its residual each splat may take. */
  readonly strengths: Float32Array;
  /** PSNR of the pictures after against those before, from the views that were held back. */
  readonly psnrDb: number;
}

/** How near an answer must come to the scene in its captured views. */
export interface ProofBounds {
  /** Mean difference of a channel over the pixels that a splat shows in, up to which it may change. */
  readonly tolerance: number;
  /** PSNR in dB that the pictures after must have against those before. */
  readonly psnrDb: number;
}

/** What `proveAnswer` draws. All arrays are in the network's units. */
export interface Claim {
  /** (splats, stride) the whole scene before. */
  readonly before: Float32Array;
  readonly stride: number;
  /** Rows of `before` that the answer changes. */
  readonly changed: Int32Array;
  /** (changed, stride) what it adds to them. */
  readonly residuals: Float32Array;
}

/**
 * Lowers the strength of every splat of an answer until the scene looks from its captured views as it did: they are the
 * evidence that the scene was right before. Where pictures before and after part, the splats that stand in those
 * pixels, before or after, fall in proportion to the difference (a line search for each splat); views that were held
 * back then decide whether all fall further, down to nothing. Views that show none of the splats prove nothing, so
 * nothing is kept.
 * @param views captured views; every second one is held back for the check
 * @param beforeView awaited before each view is drawn, with the share that is done
 */
export async function proveAnswer(
  claim: Claim,
  views: readonly CameraParameters[],
  bounds: ProofBounds,
  beforeView: (done: number) => Promise<void>,
): Promise<Proof> {
  const searched = views.filter((_, i) => i % 2 === 0);
  const checked = views.length > 1 ? views.filter((_, i) => i % 2 === 1) : views;
  const strengths = new Float32Array(claim.changed.length).fill(1);
  const nothing = (): Proof => ({ strengths: strengths.fill(0), psnrDb: Infinity });
  const was = new FragmentRasteriser(claim.before, claim.stride);
  // One share for the pictures before, one for each round, and one for the check.
  const shareOf = (part: number, within: number) => beforeView((part + within) / (rounds + 2));
  const pictures: RenderedView[] = [];
  for (const [view, camera] of searched.entries()) {
    await shareOf(0, view / searched.length);
    pictures.push(was.render(camera));
  }
  for (let round = 0; round < rounds; round++) {
    const report = (view: number) => shareOf(1 + round, view / searched.length);
    const found = await lowerStrengths(claim, strengths, bounds.tolerance, searched, pictures, was, report);
    if (!found.isSeen) return nothing();
    if (!found.moved) break;
  }
  for (let halving = 0; halving <= halvings; halving++) {
    const report = (view: number) => shareOf(1 + rounds, (halving + view / checked.length) / (halvings + 1));
    const psnrDb = await psnrOfAnswer(claim, strengths, checked, was, report);
    if (psnrDb >= bounds.psnrDb) return { strengths, psnrDb };
    for (let i = 0; i < strengths.length; i++) strengths[i] *= 0.5;
  }
  return nothing();
}

/** (splats, stride) the scene with each splat's residual at its strength. */
function answerAt({ before, stride, changed, residuals }: Claim, strengths: Float32Array): Float32Array {
  const after = before.slice();
  for (let i = 0; i < changed.length; i++)
    for (let k = 0; k < stride; k++) after[changed[i] * stride + k] += strengths[i] * residuals[i * stride + k];
  return after;
}

/** One round of the line search, in place: whether views show any changed splat, and any moved what it must not. */
async function lowerStrengths(
  claim: Claim,
  strengths: Float32Array,
  tolerance: number,
  cameras: readonly CameraParameters[],
  pictures: readonly RenderedView[],
  was: FragmentRasteriser,
  beforeView: (view: number) => Promise<void>,
): Promise<{ readonly isSeen: boolean; readonly moved: boolean }> {
  const { before, stride, changed } = claim;
  const is = new FragmentRasteriser(answerAt(claim, strengths), stride);
  const [sumsBefore, sumsAfter] = [0, 1].map(() => new Float32Array((2 * before.length) / stride));
  for (const [view, camera] of cameras.entries()) {
    await beforeView(view);
    let difference: Float32Array = new Float32Array(0);
    is.accumulateWeighted(camera, (picture) => (difference = differenceOf(pictures[view], picture)), sumsAfter);
    was.accumulateWeighted(camera, () => difference, sumsBefore);
  }
  let [isSeen, moved] = [false, false];
  for (let i = 0; i < changed.length; i++) {
    const at = 2 * changed[i];
    isSeen ||= sumsBefore[at] > 0 || sumsAfter[at] > 0;
    const blame = Math.max(sumsBefore[at + 1] / (sumsBefore[at] + faint), sumsAfter[at + 1] / (sumsAfter[at] + faint));
    if (blame <= tolerance) continue;
    strengths[i] *= Math.min(fall[1], Math.max(fall[0], tolerance / blame));
    moved = true;
  }
  return { isSeen, moved };
}

/** Mean absolute difference of a pixel's channels and of what shines through, over three. */
function differenceOf(a: RenderedView, b: RenderedView): Float32Array {
  return a.transmittance.map((light, pixel) => {
    let sum = Math.abs(light - b.transmittance[pixel]);
    for (let k = 3 * pixel; k < 3 * pixel + 3; k++) sum += Math.abs(a.colour[k] - b.colour[k]);
    return sum / 3;
  });
}

/** PSNR in dB of the answer's pictures against those before, over all pixels of all views, over black. */
async function psnrOfAnswer(
  claim: Claim,
  strengths: Float32Array,
  cameras: readonly CameraParameters[],
  was: FragmentRasteriser,
  beforeView: (view: number) => Promise<void>,
): Promise<number> {
  const is = new FragmentRasteriser(answerAt(claim, strengths), claim.stride);
  let [sum, count] = [0, 0];
  for (const [view, camera] of cameras.entries()) {
    await beforeView(view);
    const [first, second] = [was.render(camera).colour, is.render(camera).colour];
    for (let i = 0; i < first.length; i++) sum += (first[i] - second[i]) ** 2;
    count += first.length;
  }
  return sum === 0 ? Infinity : -10 * Math.log10(sum / count);
}
