import type { CameraParameters } from '../core/camera-parameters.ts';
import type { RenderedView, WeightLists } from './fragment-rasteriser.ts';
import { FragmentRasteriser } from './fragment-rasteriser.ts';

/** Weights in a pixel that are left out of what is kept of the scene before: many such weigh next to nothing. */
const negligible = 0.0005;
/** Rounds of the line search, and how far a strength falls in one of them: what a splat hides counts in the next. */
const rounds = 3;
const fall = [0.03, 0.9] as const;
/** Mean fall of the strengths below which a round ends the search: the next would move them by less. */
const settledFall = 0.002;
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
  /** Weight in pixels of all views against which a splat's weight over differences counts: what shows less is free. */
  readonly faint: number;
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
  const answer = new Answer(claim);
  // One share for the views before, one for each round, and one for the check.
  const shareOf = (part: number, within: number) => beforeView((part + within) / (rounds + 2));
  const evidence: Evidence[] = [];
  const memberOf = membersAmong(claim);
  for (const [view, camera] of searched.entries()) {
    await shareOf(0, view / searched.length);
    evidence.push({ camera, seen: was.listWeights(camera, memberOf, negligible) });
  }
  for (let round = 0; round < rounds; round++) {
    const report = (view: number) => shareOf(1 + round, view / searched.length);
    const found = await lowerStrengths(claim, answer, strengths, bounds, evidence, report);
    if (!found.isSeen) return nothing();
    if (found.fall < settledFall) break;
  }
  evidence.length = 0;
  const pictures: Float32Array[] = [];
  for (let halving = 0; halving <= halvings; halving++) {
    const is = answer.at(strengths);
    let [sum, count] = [0, 0];
    for (const [view, camera] of checked.entries()) {
      await shareOf(1 + rounds, (halving + view / checked.length) / (halvings + 1));
      pictures[view] ??= was.render(camera).colour;
      sum += squaredError(pictures[view], is.render(camera).colour);
      count += pictures[view].length;
    }
    const psnrDb = sum === 0 ? Infinity : -10 * Math.log10(sum / count);
    if (psnrDb >= bounds.psnrDb) return { strengths, psnrDb };
    for (let i = 0; i < strengths.length; i++) strengths[i] *= 0.5;
  }
  return nothing();
}

/** A view of the scene before, and what the splats that an answer changes weigh in it. */
interface Evidence {
  readonly camera: CameraParameters;
  readonly seen: WeightLists;
}

/** Draws an answer at one set of strengths after another; only what changes is computed anew. */
class Answer {
  private readonly features: Float32Array;
  private readonly rasteriser: FragmentRasteriser;

  constructor(private readonly claim: Claim) {
    this.features = claim.before.slice();
    this.rasteriser = new FragmentRasteriser(this.features, claim.stride);
  }

  /** The scene with each splat's residual at its strength, until the next call. */
  at(strengths: Float32Array): FragmentRasteriser {
    const { before, stride, changed, residuals } = this.claim;
    for (let i = 0; i < changed.length; i++) {
      const from = changed[i] * stride;
      for (let k = 0; k < stride; k++)
        this.features[from + k] = before[from + k] + strengths[i] * residuals[i * stride + k];
    }
    this.rasteriser.refresh(changed);
    return this.rasteriser;
  }
}

/** (splats) which of the changed splats each one is, -1 for none. */
function membersAmong({ before, stride, changed }: Claim): Int32Array {
  const members = new Int32Array(before.length / stride).fill(-1);
  for (let i = 0; i < changed.length; i++) members[changed[i]] = i;
  return members;
}

/** One round of the line search, in place: whether views show a changed splat, and the mean fall of strengths. */
async function lowerStrengths(
  { before, stride, changed }: Claim,
  answer: Answer,
  strengths: Float32Array,
  { tolerance, faint }: ProofBounds,
  evidence: readonly Evidence[],
  beforeView: (view: number) => Promise<void>,
): Promise<{ readonly isSeen: boolean; readonly fall: number }> {
  const is = answer.at(strengths);
  const sumsBefore = new Float32Array(2 * changed.length);
  const sumsAfter = new Float32Array((2 * before.length) / stride);
  for (const [view, { camera, seen }] of evidence.entries()) {
    await beforeView(view);
    let difference: Float32Array = new Float32Array(0);
    is.accumulateWeighted(camera, (picture) => (difference = differenceOf(seen, picture)), sumsAfter);
    addWeighted(seen, difference, sumsBefore);
  }
  let [isSeen, fallen] = [false, 0];
  for (let i = 0; i < changed.length; i++) {
    const [weight, weightAfter] = [sumsBefore[2 * i], sumsAfter[2 * changed[i]]];
    isSeen ||= weight > 0 || weightAfter > 0;
    const blame = Math.max(
      sumsBefore[2 * i + 1] / (weight + faint),
      sumsAfter[2 * changed[i] + 1] / (weightAfter + faint),
    );
    if (blame <= tolerance) continue;
    const lowered = strengths[i] * Math.min(fall[1], Math.max(fall[0], tolerance / blame));
    fallen += strengths[i] - lowered;
    strengths[i] = lowered;
  }
  return { isSeen, fall: fallen / changed.length };
}

/** Adds to `sums` (members, 2) each member's weight in a view, and its weight times the pixels' values. */
function addWeighted({ members, ends, fragments }: WeightLists, values: Float32Array, sums: Float32Array): void {
  const weights = new Float32Array(fragments.buffer, fragments.byteOffset, fragments.length);
  for (let rank = 0, fragment = 0; rank < members.length; rank++) {
    let [total, weighted] = [0, 0];
    for (; fragment < ends[rank]; fragment++) {
      const weight = weights[2 * fragment + 1];
      total += weight;
      weighted += weight * values[fragments[2 * fragment]];
    }
    sums[2 * members[rank]] += total;
    sums[2 * members[rank] + 1] += weighted;
  }
}

/** Mean absolute difference of a pixel's channels and of what shines through, over three. */
function differenceOf(a: RenderedView, b: RenderedView): Float32Array {
  return a.transmittance.map((light, pixel) => {
    let sum = Math.abs(light - b.transmittance[pixel]);
    for (let k = 3 * pixel; k < 3 * pixel + 3; k++) sum += Math.abs(a.colour[k] - b.colour[k]);
    return sum / 3;
  });
}

/** Sum of the squared differences of two pictures. */
function squaredError(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}
