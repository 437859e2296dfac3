import { cameraCentre, type CameraParameters } from '../core/camera-parameters.ts';
import { NEAR_Z } from '../core/near-distance.ts';
import { slopeLimits } from '../core/reference-render.ts';
import { KernelMemory } from './kernels/kernel-memory.ts';
import { SplatColumns } from './splat-columns.ts';

/**
 * Columns of the sums that `accumulateVisibility` makes of a splat, each over the pixels of its fragments, as `sumSeen`
 * (kernels/fragment.kernel.ts) has them. `weight` is alpha times transmittance; `colour` (3), `coverage` and
 * `depthBehind` are weight times the pixel's colour, its coverage, and the splat's depth less the pixel's mean depth;
 * `unoccluded` is alpha with nothing in front.
 */
export const visibilitySum = { colour: 0, depthBehind: 3, weight: 4, coverage: 5, unoccluded: 6, width: 8 } as const;

/** A view over black. */
export interface RenderedView {
  /** (pixels, 3) */
  readonly colour: Float32Array;
  /** (pixels) */
  readonly transmittance: Float32Array;
}

/**
 * The fragments of a view: its splats front to back, and which pixels each of them reaches. They are the rasteriser's
 * own arrays, until it draws again.
 */
export interface FragmentLists {
  /** (shown) index of each splat. */
  readonly splats: Int32Array;
  /** (shown) one past the last fragment of each of them. */
  readonly ends: Uint32Array;
  /** (shown, 4) colour from the view's direction, below 0 too, and a number that means nothing. */
  readonly colours: Float32Array;
  /**
   * (fragments, 2) the pixel, and the bits of the Gaussian's value there: times the splat's opacity, it is alpha before
   * that is clamped.
   */
  readonly fragments: Uint32Array;
}

/** What some splats weigh in the pixels of a view. */
export interface WeightLists extends RenderedView {
  /** (shown) which of the splats that were asked for, front to back. */
  readonly members: Int32Array;
  /** (shown) one past the last fragment of each of them. */
  readonly ends: Uint32Array;
  /** (fragments, 2) the pixel, and the bits of alpha times transmittance. */
  readonly fragments: Uint32Array;
}

/** Which number of a fragment a list keeps. */
const listed = { weight: 1, falloff: 2 } as const;
/** Numbers of the camera and of its scratch; of a splat's record; of a pixel; of the sort's counters. */
const [cameraWidth, recordWidth, quad, counters] = [88, 16, 4, 2049];
/** Pixels a side of a tile of `draw`. */
const tile = 8;
const bytesEach = Float32Array.BYTES_PER_ELEMENT;

/** The last view that was rasterised. */
interface Raster {
  readonly pixels: number;
  /** Splats in the view. */
  readonly shown: number;
  /** First bytes of the image (pixels, 4), the transmittance and the fragments. */
  readonly image: number;
  readonly transmittance: number;
  readonly fragments: number;
}

/**
 * Rasterises views of one scene on the CPU, over black, and lists the fragments: which splat contributes what to which
 * pixel. Equations are those of the CPU twin (renderer/core/reference-render.ts). Memory is held from view to view.
 */
export class FragmentRasteriser {
  private readonly memory = new KernelMemory();
  private readonly columns: SplatColumns;
  // First bytes of what is written for each view: of all splats, and of the camera.
  private readonly camera: number;
  private readonly records: number;
  private readonly visible: number;
  private readonly keys: number;
  private readonly order: number;
  private readonly ends: number;
  private readonly sums: number;
  private readonly starts: number;
  private readonly perView: number;

  /** @param features (splats, stride) columns as in `attributes.ts`, z up, in the unit cube; held, not copied */
  constructor(features: Float32Array, stride: number) {
    const { memory } = this;
    this.columns = new SplatColumns(memory, features, stride);
    const ofSplats = (numbers: number): number => memory.take(this.columns.splats * numbers * bytesEach);
    this.camera = memory.take(cameraWidth * bytesEach);
    this.records = ofSplats(recordWidth);
    this.sums = ofSplats(visibilitySum.width);
    [this.visible, this.keys, this.order, this.ends] = [ofSplats(1), ofSplats(1), ofSplats(1), ofSplats(1)];
    this.starts = memory.take(counters * bytesEach);
    this.perView = memory.free;
  }

  /** How many splats the scene has. */
  get splats(): number {
    return this.columns.splats;
  }

  /** Takes in that the features of some splats have changed. */
  refresh(splats: Int32Array): void {
    this.columns.refresh(splats);
  }

  /** Renders a view. */
  render(camera: CameraParameters): RenderedView {
    return this.pictureOf(this.rasterise(camera, false));
  }

  /** Renders the coverage of a view, 1 - transmittance, (pixels). */
  coverage(camera: CameraParameters): Float32Array {
    return this.transmittanceOf(this.rasterise(camera, false)).map((transmittance) => 1 - transmittance);
  }

  /** Adds what a view sees of every splat to `sums` (splats, visibilitySum.width). */
  accumulateVisibility(camera: CameraParameters, sums: Float32Array): void {
    const { order, visible, records, ends } = this;
    const { shown, pixels, image, transmittance, fragments } = this.rasterise(camera);
    this.addTo(sums, ({ sumSeen }, into) =>
      sumSeen(shown, order, visible, records, ends, fragments, pixels, image, transmittance, into),
    );
  }

  /**
   * Adds to `sums` (splats, 2) each splat's weight in a view, and its weight times what `valueOf` makes of each
   * pixel of the view.
   */
  accumulateWeighted(
    camera: CameraParameters,
    valueOf: (view: RenderedView) => Float32Array,
    sums: Float32Array,
  ): void {
    const { memory, order, visible, ends } = this;
    const raster = this.rasterise(camera);
    const { shown, pixels, image, fragments } = raster;
    const values = valueOf(this.pictureOf(raster));
    // They take the image's place, which has been copied out.
    memory.floats(image, pixels).set(values);
    this.addTo(sums, ({ sumWeighted }, into) => sumWeighted(shown, order, visible, ends, fragments, image, into));
  }

  /**
   * Lists what some splats weigh in a view, but for fragments below `smallestWeight`.
   * @param memberOf (splats) which of those that are asked for a splat is, -1 for none
   */
  listWeights(camera: CameraParameters, memberOf: Int32Array, smallestWeight: number): WeightLists {
    const raster = this.rasterise(camera);
    const { memory } = this;
    const visible = memory.unsigned(this.visible, raster.shown);
    const members = memory.unsigned(this.sums, raster.shown);
    for (let place = 0; place < raster.shown; place++) members[place] = memberOf[visible[place]];
    const picture = this.pictureOf(raster);
    const { splats, ends, fragments } = this.list(raster, smallestWeight, listed.weight, this.sums);
    const found = splats.map((splat) => memberOf[splat]);
    return { ...picture, members: found, ends: ends.slice(), fragments: fragments.slice() };
  }

  /** Lists the fragments of a view that weigh at least `smallestWeight` in their pixel; `image` has all of them. */
  listFragments(camera: CameraParameters, smallestWeight: number): FragmentLists & { readonly image: RenderedView } {
    const raster = this.rasterise(camera);
    const image = this.pictureOf(raster);
    return { ...this.list(raster, smallestWeight, listed.falloff), image };
  }

  /** Leaves of the view's fragments those that weigh enough; afterwards `order` has their splats alone. */
  private list({ shown, fragments }: Raster, smallestWeight: number, number: number, members = 0): FragmentLists {
    const { memory, order, visible, records, ends, keys, sums } = this;
    const { kernels } = memory;
    const kept = kernels.list(shown, order, ends, fragments, smallestWeight, number, members);
    // Keys are sorted, and members told: their places are free.
    kernels.describe(kept, order, visible, records, keys, sums);
    const lastEnds = memory.unsigned(ends, kept);
    return {
      splats: memory.integers(keys, kept),
      ends: lastEnds,
      colours: memory.floats(sums, kept * quad),
      fragments: memory.unsigned(fragments, 2 * (lastEnds.at(-1) ?? 0)),
    };
  }

  /** Lets a kernel add to sums of all splats, of which its own take the place of what sorting needs. */
  private addTo(sums: Float32Array, add: (kernels: KernelMemory['kernels'], into: number) => void): void {
    const { memory } = this;
    memory.floats(this.sums, sums.length).set(sums);
    add(memory.kernels, this.sums);
    sums.set(memory.floats(this.sums, sums.length));
  }

  /** Draws a view front to back and lists its fragments, where they are wanted, behind all else in the memory. */
  private rasterise(camera: CameraParameters, isListed = true): Raster {
    const { memory, records, visible, keys, order, ends } = this;
    const { kernels } = memory;
    const { width, height } = camera;
    const pixels = width * height;
    this.writeCamera(camera);
    const { splats, start, bytes, hasDegree1 } = this.columns;
    const shown = kernels.project(splats, start, bytes, Number(hasDegree1), this.camera, records, visible, keys);
    kernels.sort(shown, keys, order, this.sums, this.starts);
    // Three more pixels, as four are drawn at once.
    const image = this.perView;
    const transmittance = image + (pixels + quad) * quad * bytesEach;
    const live = transmittance + (pixels + quad) * bytesEach;
    const fragments = live + Math.ceil(width / tile) * Math.ceil(height / tile) * bytesEach;
    memory.reach(fragments);
    memory.floats(image, (pixels + quad) * quad).fill(0);
    memory.floats(transmittance, pixels + quad).fill(1);
    const drawn = kernels.draw(
      shown,
      order,
      records,
      ends,
      width,
      height,
      image,
      transmittance,
      live,
      isListed ? fragments : 0,
      this.camera,
    );
    if (drawn < 0) throw new RangeError('There is no memory for the fragments of a view.');
    kernels.settle(pixels, transmittance);
    return { pixels, shown, image, transmittance, fragments };
  }

  private writeCamera(camera: CameraParameters): void {
    const { worldToView, fx, fy, cx, cy, width, height, near = NEAR_Z } = camera;
    const slopes = [...slopeLimits(width, cx, fx), ...slopeLimits(height, cy, fy)];
    const numbers = [...worldToView.slice(0, 12), fx, fy, cx, cy, width, height, near];
    this.memory.floats(this.camera, cameraWidth).set([...numbers, ...slopes, ...cameraCentre(worldToView)]);
  }

  private transmittanceOf({ pixels, transmittance }: Raster): Float32Array {
    return this.memory.floats(transmittance, pixels).slice();
  }

  private pictureOf(raster: Raster): RenderedView {
    const image = this.memory.floats(raster.image, raster.pixels * quad);
    const colour = new Float32Array(raster.pixels * 3);
    for (let pixel = 0; pixel < raster.pixels; pixel++)
      for (let k = 0; k < 3; k++) colour[3 * pixel + k] = image[quad * pixel + k];
    return { colour, transmittance: this.transmittanceOf(raster) };
  }
}
