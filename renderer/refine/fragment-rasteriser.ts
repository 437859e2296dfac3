import { cameraCentre, type CameraParameters } from '../core/camera-parameters.ts';
import { NEAR_Z } from '../core/near-distance.ts';
import { slopeLimits } from '../core/reference-render.ts';
import { KernelMemory } from './kernels/kernel-memory.ts';
import { SplatColumns } from './splat-columns.ts';

/**
 * Columns of the sums that `accumulateVisibility` makes of a splat, each over the pixels of its fragments. `weight` is
 * alpha times transmittance; `colour` (3), `coverage` and `depthBehind` are weight times the pixel's colour, its
 * coverage, and the splat's depth less the pixel's mean depth; `unoccluded` is alpha with nothing in front.
 */
export const visibilitySum = { weight: 0, colour: 1, coverage: 4, depthBehind: 5, unoccluded: 6, width: 7 } as const;

/** A view over black. */
export interface RenderedView {
  /** (pixels, 3) */
  readonly colour: Float32Array;
  /** (pixels) */
  readonly transmittance: Float32Array;
}

/** The fragments of a view: its splats front to back, and which pixels each of them reaches. */
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

/** Numbers of a record of `project` (kernels/fragment.kernel.ts) by their places. */
const record = { opacity: 5, rgb: 8, determinant: 12, width: 16 } as const;
/** Which number of a fragment a list keeps. */
const listed = { weight: 1, falloff: 2 } as const;
/** Numbers of the camera and of its scratch; of a pixel; of a splat's sums; of the sort's counters. */
const [cameraWidth, quad, sumWidth, counters] = [84, 4, 8, 2049];
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
    this.records = ofSplats(record.width);
    this.sums = ofSplats(sumWidth);
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
    return this.pictureOf(this.rasterise(camera));
  }

  /** Renders the coverage of a view, 1 - transmittance, (pixels). */
  coverage(camera: CameraParameters): Float32Array {
    return this.transmittanceOf(this.rasterise(camera)).map((transmittance) => 1 - transmittance);
  }

  /** Adds what a view sees of every splat to `sums` (splats, visibilitySum.width). */
  accumulateVisibility(camera: CameraParameters, sums: Float32Array): void {
    const { memory, order, records, ends } = this;
    const { shown, pixels, image, transmittance, fragments } = this.rasterise(camera);
    memory.kernels.sumSeen(shown, order, records, ends, fragments, pixels, image, transmittance, this.sums);
    const seen = memory.floats(this.sums, shown * sumWidth);
    const splats = this.splatsInOrder(shown);
    const numbers = memory.floats(records, shown * record.width);
    const places = memory.unsigned(order, shown);
    for (let rank = 0; rank < shown; rank++) {
      const [to, from, own] = [splats[rank] * visibilitySum.width, rank * sumWidth, places[rank] * record.width];
      sums[to + visibilitySum.weight] += seen[from + 4];
      for (let k = 0; k < 3; k++) sums[to + visibilitySum.colour + k] += seen[from + k];
      sums[to + visibilitySum.coverage] += seen[from + 5];
      sums[to + visibilitySum.depthBehind] -= seen[from + 3];
      // The integral of alpha over the picture plane.
      sums[to + visibilitySum.unoccluded] +=
        numbers[own + record.opacity] * 2 * Math.PI * Math.sqrt(numbers[own + record.determinant]);
    }
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
    const { memory, ends } = this;
    const raster = this.rasterise(camera);
    const { shown, pixels, image, fragments } = raster;
    const values = valueOf(this.pictureOf(raster));
    // They take the image's place, which has been copied out.
    memory.floats(image, pixels).set(values);
    memory.kernels.sumWeighted(shown, ends, fragments, image, this.sums);
    const found = memory.floats(this.sums, 2 * shown);
    const splats = this.splatsInOrder(shown);
    for (let rank = 0; rank < shown; rank++) {
      sums[2 * splats[rank]] += found[2 * rank];
      sums[2 * splats[rank] + 1] += found[2 * rank + 1];
    }
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
    const { ends, fragments } = this.list(raster, smallestWeight, listed.weight, this.sums);
    const shown = this.splatsInOrder(ends.length);
    return { ...picture, members: shown.map((splat) => memberOf[splat]), ends, fragments };
  }

  /** Lists the fragments of a view that weigh at least `smallestWeight` in their pixel; `image` has all of them. */
  listFragments(camera: CameraParameters, smallestWeight: number): FragmentLists & { readonly image: RenderedView } {
    const raster = this.rasterise(camera);
    const image = this.pictureOf(raster);
    const { ends, fragments } = this.list(raster, smallestWeight, listed.falloff);
    const places = this.memory.unsigned(this.order, ends.length);
    const numbers = this.memory.floats(this.records, raster.shown * record.width);
    const colours = new Float32Array(ends.length * quad);
    for (let rank = 0; rank < ends.length; rank++) {
      const rgb = places[rank] * record.width + record.rgb;
      for (let k = 0; k < 3; k++) colours[quad * rank + k] = numbers[rgb + k];
    }
    return { splats: this.splatsInOrder(ends.length), ends, fragments, colours, image };
  }

  /** Leaves of the view's fragments those that weigh enough; afterwards `order` has their splats alone. */
  private list(
    { shown, fragments }: Raster,
    smallestWeight: number,
    number: number,
    members = 0,
  ): Pick<FragmentLists, 'ends' | 'fragments'> {
    const { memory } = this;
    const kept = memory.kernels.list(shown, this.order, this.ends, fragments, smallestWeight, number, members);
    const ends = memory.unsigned(this.ends, kept).slice();
    const count = kept === 0 ? 0 : ends[kept - 1];
    return { ends, fragments: memory.unsigned(fragments, 2 * count).slice() };
  }

  /** Draws a view front to back and lists its fragments, behind all else in the memory. */
  private rasterise(camera: CameraParameters): Raster {
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
    const fragments = transmittance + (pixels + quad) * bytesEach;
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
      fragments,
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

  /** (shown) indices of the splats in the order. */
  private splatsInOrder(shown: number): Int32Array {
    const visible = this.memory.unsigned(this.visible, this.columns.splats);
    const order = this.memory.unsigned(this.order, shown);
    const splats = new Int32Array(shown);
    for (let rank = 0; rank < shown; rank++) splats[rank] = visible[order[rank]];
    return splats;
  }
}
