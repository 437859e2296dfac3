// AssemblyScript, compiled to fragment-kernels.ts by `npm run kernels`: the inner loops of what is drawn around the
// network, four splats, pixels or channels at a time. Pointers are bytes of the instance's memory, which its callers
// lay out (kernel-memory.ts). Equations are those of the CPU twin (renderer/core/reference-render.ts).

const LOW_PASS: f32 = 0.3;
const LARGEST_ALPHA: f32 = 0.99;
const SMALLEST_ALPHA: f32 = 1.0 / 255.0;
const TRANSMITTANCE_STOP: f32 = 1e-4;
const SH_C0: f32 = 0.28209479177387814;
const SH_C1: f32 = 0.4886025119029199;
/** 1.5 * 2^23: floats of this size have no fraction. */
const ROUNDER: f32 = 12582912;
const LOG2_E: f32 = 1.44269504088896341;
/** Least 1 - opacity that curvature takes: an opaque splat hardly moves until it is opaque no more. */
const LEAST_ONE_MINUS_OPACITY: f32 = 0.1;
/** Bits of a pass of the sort by depth. */
const DIGIT_BITS: u32 = 11;

/**
 * Bytes of a splat's record: x, y, a, slope; conditional, opacity, cutoff, half height; RGB, depth; determinant, half
 * width.
 */
const RECORD: usize = 64;
/** Bytes of a fragment: its pixel, what it weighs there, and the Gaussian's value there. */
const FRAGMENT: usize = 12;
/** Bytes of a listed fragment: its pixel, and one of the two numbers. */
const LISTED: usize = 8;
/**
 * Splats that loops take together. What belongs to a splat is anywhere in memory, and waiting for it is what takes most
 * of the time; fetched for many at once, it is waited for at once.
 */
const BATCH: i32 = 64;
/** Room for the records of a batch, and for what is found of its splats. */
const batched = memory.data(4096, 16);
const found = memory.data(2048, 16);
/** Bytes of a splat that `Canvas` prepares: colour, opacity, place of its parameters, and room for a number. */
const PREPARED: usize = 32;
/** Bytes of four numbers. */
const QUAD: usize = 16;
const PAGE: usize = 65536;
/** Logarithm of the side of a tile in pixels, of which `draw` knows whether light comes through anywhere. */
const TILE: u32 = 3;
/** Numbers of a splat's sums of what views see of it. */
const SEEN: usize = 32;

// Short names, as the language has no operators for vectors.
// @ts-ignore: decorator
@inline function all(x: f32): v128 { return f32x4.splat(x); }
// @ts-ignore: decorator
@inline function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
// @ts-ignore: decorator
@inline function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
// @ts-ignore: decorator
@inline function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
// @ts-ignore: decorator
@inline function mulAdd(a: v128, b: v128, c: v128): v128 { return f32x4.add(f32x4.mul(a, b), c); }
// @ts-ignore: decorator
@inline function spread(from: usize): v128 { return v128.load32_splat(from); }

/** e^-x for 0 <= x < 80, relative error 2e-7. */
// @ts-ignore: decorator
@inline
function exponentialOfMinus(x: v128): v128 {
  // Adding and taking away so much leaves the nearest whole number, and its bits at the end of the sum's.
  const sum = add(mul(x, all(-LOG2_E)), all(ROUNDER));
  const f = sub(mul(x, all(-LOG2_E)), sub(sum, all(ROUNDER)));
  let p = mulAdd(f, all(0.000154353141), all(0.00133997286));
  p = mulAdd(f, p, all(0.00961817801));
  p = mulAdd(f, p, all(0.0555033237));
  p = mulAdd(f, p, all(0.240226462));
  p = mulAdd(f, p, all(0.693147182));
  p = mulAdd(f, p, all(1));
  const power = i32x4.shl(i32x4.add(sum, i32x4.splat(127)), 23);
  return mul(p, power);
}

/** Column `k` of four splats whose first column begins at `from`. */
// @ts-ignore: decorator
@inline
function column(from: usize, k: usize, bytes: usize): v128 {
  return v128.load(from + k * bytes);
}

/** A row of a view's matrix times four points. */
// @ts-ignore: decorator
@inline
function viewed(row: usize, x: v128, y: v128, z: v128): v128 {
  return mulAdd(spread(row), x, mulAdd(spread(row + 4), y, mulAdd(spread(row + 8), z, spread(row + 12))));
}

/** What a world axis moves in pixels: a number of a row of J W, of which `row` is the view's. */
// @ts-ignore: decorator
@inline
function moved(row: usize, forward: usize, perDepth: v128, slope: v128): v128 {
  return mul(perDepth, sub(spread(row), mul(slope, spread(forward))));
}

/** Of four splats, the product of a row of J W with the axis whose first column is `k`. */
// @ts-ignore: decorator
@inline
function along(x: v128, y: v128, z: v128, from: usize, k: usize, bytes: usize): v128 {
  const yz = mulAdd(y, column(from, k + 1, bytes), mul(z, column(from, k + 2, bytes)));
  return mulAdd(x, column(from, k, bytes), yz);
}

/** Colour of one channel by harmonics up to degree 1; `factor` is their constant over the distance. */
// @ts-ignore: decorator
@inline
function shaded(from: usize, k: usize, bytes: usize, factor: v128, dx: v128, dy: v128, dz: v128): v128 {
  const yz = sub(mul(dz, column(from, 20 + k, bytes)), mul(dy, column(from, 17 + k, bytes)));
  return mulAdd(factor, sub(yz, mul(dx, column(from, 23 + k, bytes))), column(from, 14 + k, bytes));
}

/**
 * Projects splats by elliptical weighted averaging (Zwicker et al. 2001), and writes records, indices and depths of
 * those that the view can show; returns how many these are.
 * @param columns of `bytes` bytes each: position (3), axes by their lengths (9), opacity, cutoff, colour of degree 0
 *   (3), then, with `hasDegree1`, harmonics (9), coefficient by coefficient
 * @param camera world to view (12), fx, fy, cx, cy, width, height, near, slope limits left, right, top, bottom, eye
 *   (3), and room for 14 times four numbers
 */
export function project(
  count: i32,
  columns: usize,
  bytes: usize,
  hasDegree1: bool,
  camera: usize,
  records: usize,
  visible: usize,
  keys: usize,
): i32 {
  const fx = spread(camera + 48);
  const fy = spread(camera + 52);
  const width = spread(camera + 64);
  const height = spread(camera + 68);
  const near = spread(camera + 72);
  const nearest = load<u32>(camera + 72);
  const scratch = camera + 128;
  let shown = 0;
  for (let first = 0; first < count; first += 4) {
    const from = columns + 4 * usize(first);
    const x = column(from, 0, bytes);
    const y = column(from, 1, bytes);
    const z = column(from, 2, bytes);
    const depth = viewed(camera + 32, x, y, z);
    const opacity = column(from, 12, bytes);
    let isShown = v128.and(f32x4.gt(depth, near), f32x4.ge(opacity, all(SMALLEST_ALPHA)));
    if (!v128.any_true(isShown)) continue;
    const slopeX = f32x4.div(viewed(camera, x, y, z), depth);
    const slopeY = f32x4.div(viewed(camera + 16, x, y, z), depth);
    const clampedX = f32x4.min(spread(camera + 80), f32x4.max(spread(camera + 76), slopeX));
    const clampedY = f32x4.min(spread(camera + 88), f32x4.max(spread(camera + 84), slopeY));
    const perX = f32x4.div(fx, depth);
    const perY = f32x4.div(fy, depth);
    const acrossX = moved(camera, camera + 32, perX, clampedX);
    const acrossY = moved(camera + 4, camera + 36, perX, clampedX);
    const acrossZ = moved(camera + 8, camera + 40, perX, clampedX);
    const downX = moved(camera + 16, camera + 32, perY, clampedY);
    const downY = moved(camera + 20, camera + 36, perY, clampedY);
    const downZ = moved(camera + 24, camera + 40, perY, clampedY);
    const across0 = along(acrossX, acrossY, acrossZ, from, 3, bytes);
    const across1 = along(acrossX, acrossY, acrossZ, from, 6, bytes);
    const across2 = along(acrossX, acrossY, acrossZ, from, 9, bytes);
    const down0 = along(downX, downY, downZ, from, 3, bytes);
    const down1 = along(downX, downY, downZ, from, 6, bytes);
    const down2 = along(downX, downY, downZ, from, 9, bytes);
    const xx = mulAdd(across0, across0, mulAdd(across1, across1, mulAdd(across2, across2, all(LOW_PASS))));
    const yy = mulAdd(down0, down0, mulAdd(down1, down1, mulAdd(down2, down2, all(LOW_PASS))));
    const xy = mulAdd(across0, down0, mulAdd(across1, down1, mul(across2, down2)));
    // The determinant is summed from squared areas: xx * yy - xy * xy cancels to below 0 for a huge needle.
    const area01 = sub(mul(across0, down1), mul(down0, across1));
    const area02 = sub(mul(across0, down2), mul(down0, across2));
    const area12 = sub(mul(across1, down2), mul(down1, across2));
    const areas = mulAdd(area01, area01, mulAdd(area02, area02, mul(area12, area12)));
    const determinant = mulAdd(sub(add(xx, yy), all(LOW_PASS)), all(LOW_PASS), areas);
    const px = mulAdd(slopeX, fx, spread(camera + 56));
    const py = mulAdd(slopeY, fy, spread(camera + 60));
    const cutoff = column(from, 13, bytes);
    const halfWidth = f32x4.sqrt(mul(cutoff, xx));
    const halfHeight = f32x4.sqrt(mul(cutoff, yy));
    isShown = v128.and(isShown, f32x4.gt(add(px, halfWidth), all(0)));
    isShown = v128.and(isShown, f32x4.lt(sub(px, halfWidth), width));
    isShown = v128.and(isShown, f32x4.gt(add(py, halfHeight), all(0)));
    isShown = v128.and(isShown, f32x4.lt(sub(py, halfHeight), height));
    let bits = i32x4.bitmask(isShown);
    if (first + 4 > count) bits &= (1 << (count - first)) - 1;
    if (bits === 0) continue;
    v128.store(scratch, px, 0);
    v128.store(scratch, py, 16);
    v128.store(scratch, f32x4.div(yy, determinant), 32);
    v128.store(scratch, f32x4.neg(f32x4.div(xy, yy)), 48);
    v128.store(scratch, f32x4.div(all(1), yy), 64);
    v128.store(scratch, opacity, 80);
    v128.store(scratch, cutoff, 96);
    v128.store(scratch, halfHeight, 112);
    v128.store(scratch, depth, 176);
    v128.store(scratch, determinant, 192);
    v128.store(scratch, halfWidth, 208);
    if (hasDegree1) {
      const dx = sub(x, spread(camera + 92));
      const dy = sub(y, spread(camera + 96));
      const dz = sub(z, spread(camera + 100));
      const distance = f32x4.sqrt(mulAdd(dx, dx, mulAdd(dy, dy, mul(dz, dz))));
      const factor = f32x4.div(all(SH_C1), distance);
      v128.store(scratch, shaded(from, 0, bytes, factor, dx, dy, dz), 128);
      v128.store(scratch, shaded(from, 1, bytes, factor, dx, dy, dz), 144);
      v128.store(scratch, shaded(from, 2, bytes, factor, dx, dy, dz), 160);
    } else {
      v128.store(scratch, column(from, 14, bytes), 128);
      v128.store(scratch, column(from, 15, bytes), 144);
      v128.store(scratch, column(from, 16, bytes), 160);
    }
    for (; bits !== 0; bits &= bits - 1) {
      const k = ctz(bits);
      const record = records + RECORD * usize(shown);
      const numbers = scratch + 4 * usize(k);
      for (let i: usize = 0; i < 14; i++) store<f32>(record + 4 * i, load<f32>(numbers + QUAD * i));
      // Floats above 0 sort as the integers of their bits.
      store<u32>(keys + 4 * usize(shown), load<u32>(numbers + 176) - nearest);
      store<i32>(visible + 4 * usize(shown), first + k);
      shown++;
    }
  }
  return shown;
}

/**
 * Writes the stable order of keys, least first, by three passes of eleven bits.
 * @param starts room for 2,049 numbers
 */
export function sort(count: i32, keys: usize, order: usize, spare: usize, starts: usize): void {
  for (let i = 0; i < count; i++) store<i32>(order + 4 * usize(i), i);
  let from = order;
  let to = spare;
  for (let shift: u32 = 0; shift < 3 * DIGIT_BITS; shift += DIGIT_BITS) {
    memory.fill(starts, 0, 4 * ((1 << DIGIT_BITS) + 1));
    for (let i = 0; i < count; i++) {
      const digit = (load<u32>(keys + 4 * usize(i)) >> shift) & ((1 << DIGIT_BITS) - 1);
      const counter = starts + 4 * usize(digit + 1);
      store<i32>(counter, load<i32>(counter) + 1);
    }
    for (let digit: usize = 0; digit < 1 << DIGIT_BITS; digit++) {
      const counter = starts + 4 * digit;
      store<i32>(counter + 4, load<i32>(counter + 4) + load<i32>(counter));
    }
    for (let i = 0; i < count; i++) {
      const place = load<i32>(from + 4 * usize(i));
      const digit = (load<u32>(keys + 4 * usize(place)) >> shift) & ((1 << DIGIT_BITS) - 1);
      const counter = starts + 4 * usize(digit);
      const rank = load<i32>(counter);
      store<i32>(counter, rank + 1);
      store<i32>(to + 4 * usize(rank), place);
    }
    const last = from;
    from = to;
    to = last;
  }
  if (from !== order) memory.copy(order, from, 4 * usize(count));
}

/** Makes room up to a byte of the memory; false where there is none. */
function reserve(end: usize): bool {
  const pages = i32((end + PAGE - 1) / PAGE) - memory.size();
  // A quarter more than is needed, so that a view grows it a few times at most.
  return pages <= 0 || memory.grow(pages + (memory.size() >> 2)) >= 0 || memory.grow(pages) >= 0;
}

/** Fetches the records of the batch that begins at a rank. */
function fetchRecords(rank: i32, count: i32, order: usize, records: usize): void {
  const size = min(BATCH, count - rank);
  for (let i = 0; i < size; i++) {
    const from = records + RECORD * usize(load<i32>(order + 4 * usize(rank + i)));
    const to = batched + RECORD * usize(i);
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  }
}

/** Index of the splat of a rank. */
// @ts-ignore: decorator
@inline
function splatAt(rank: i32, order: usize, visible: usize): usize {
  return usize(load<i32>(visible + 4 * usize(load<i32>(order + 4 * usize(rank)))));
}

/** Writes how many pixels each tile of a picture has, row by row; returns how many tiles a row has. */
function countTiles(width: i32, height: i32, tiles: usize): i32 {
  const side = 1 << TILE;
  const across = (width + side - 1) >> TILE;
  const down = (height + side - 1) >> TILE;
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      const pixels = min<i32>(side, width - x * side) * min<i32>(side, height - y * side);
      store<i32>(tiles + 4 * usize(y * across + x), pixels);
    }
  return across;
}

/** Whether no light comes through any tile that a box of pixels touches. */
// @ts-ignore: decorator
@inline
function isHidden(live: usize, across: i32, left: i32, right: i32, top: i32, bottom: i32): bool {
  for (let y = top >> TILE; y <= bottom >> TILE; y++)
    for (let x = left >> TILE; x <= right >> TILE; x++)
      if (load<i32>(live + 4 * usize(y * across + x)) !== 0) return false;
  return true;
}

/**
 * Draws splats front to back, `colour += T alpha rgb; T *= 1 - alpha`, row by row between the ends of the ellipse in
 * which their alpha counts, and lists the fragments from `fragments` on; returns their number, or -1 where memory ends.
 * With 0 for `fragments` it lists none.
 * @param order places in `records`, front to back
 * @param ends written: one past the last fragment of each splat in the order
 * @param image cleared: RGB and depth by weight of each pixel, with room for three more
 * @param transmittance ones, with room for three more; comes out negative where it has reached its end
 * @param live room for a number for each tile: its pixels through which light comes
 * @param rows room for four times four numbers
 */
export function draw(
  count: i32,
  order: usize,
  records: usize,
  ends: usize,
  width: i32,
  height: i32,
  image: usize,
  transmittance: usize,
  live: usize,
  fragments: usize,
  rows: usize,
): i32 {
  const isListed = fragments !== 0;
  const across = countTiles(width, height, live);
  const ramp = f32x4(0, 1, 2, 3);
  const steps = i32x4(0, 1, 2, 3);
  const rowBytes = FRAGMENT * usize(width + 4) + QUAD;
  let fragment = fragments;
  let room = usize(memory.size()) * PAGE;
  for (let rank = 0; rank < count; rank++) {
    if (rank % BATCH === 0) fetchRecords(rank, count, order, records);
    const record = batched + RECORD * usize(rank % BATCH);
    const x = load<f32>(record, 0);
    const y = load<f32>(record, 4);
    const a = load<f32>(record, 8);
    const slope = load<f32>(record, 12);
    const inverseA: f32 = 1 / a;
    const conditional = load<f32>(record, 16);
    const opacity = spread(record + 20);
    const cutoff = load<f32>(record, 24);
    const halfHeight = load<f32>(record, 28);
    const colourAndDepth = f32x4.max(v128.load(record, 32), all(0));
    const firstRow = i32(max<f32>(0, ceil<f32>(y - halfHeight - 0.5)));
    const lastRow = i32(min<f32>(f32(height - 1), floor<f32>(y + halfHeight - 0.5)));
    const halfWidth = load<f32>(record, 52);
    const firstColumn = i32(max<f32>(0, floor<f32>(x - halfWidth - 0.5)));
    const lastColumn = i32(min<f32>(f32(width - 1), ceil<f32>(x + halfWidth - 0.5)));
    if (isHidden(live, across, firstColumn, lastColumn, firstRow, lastRow)) {
      if (isListed) store<u32>(ends + 4 * usize(rank), u32((fragment - fragments) / FRAGMENT));
      continue;
    }
    for (let row = firstRow; row <= lastRow; row++) {
      const ofFour = ((row - firstRow) & 3) << 2;
      // Where four rows begin and end is found at once.
      if (ofFour === 0) {
        const dy = sub(all(y - f32(row) - 0.5), ramp);
        const fromRow = mul(mul(all(conditional), dy), dy);
        const centre = add(all(x - 0.5), mul(all(slope), dy));
        // The root of what is below 0 is no number, of which the kernel makes an end before the start.
        const halfWidth = f32x4.sqrt(mul(sub(all(cutoff), fromRow), all(inverseA)));
        v128.store(rows, fromRow);
        v128.store(rows, centre, 16);
        v128.store(rows, i32x4.trunc_sat_f32x4_s(f32x4.pmax(all(0), f32x4.ceil(sub(centre, halfWidth)))), 32);
        const lastPixel = f32x4.pmin(all(f32(width - 1)), f32x4.floor(add(centre, halfWidth)));
        const isReached = f32x4.eq(halfWidth, halfWidth);
        v128.store(rows, v128.bitselect(i32x4.trunc_sat_f32x4_s(lastPixel), i32x4.splat(-1), isReached), 48);
      }
      const start = load<i32>(rows + ofFour, 32);
      const last = load<i32>(rows + ofFour, 48);
      if (start > last) continue;
      const fromRow = load<f32>(rows + ofFour);
      const centre = load<f32>(rows + ofFour, 16);
      if (isListed && fragment + rowBytes > room) {
        if (!reserve(fragment + rowBytes)) return -1;
        room = usize(memory.size()) * PAGE;
      }
      for (let px = start; px <= last; px += 4) {
        const pixel = row * width + px;
        const lightAt = transmittance + 4 * usize(pixel);
        const before = v128.load(lightAt);
        const within = i32x4.le_s(steps, i32x4.splat(last - px));
        let hit = v128.and(f32x4.gt(before, all(0)), within);
        if (!v128.any_true(hit)) continue;
        const dx = sub(all(centre - f32(px)), ramp);
        const falloff = exponentialOfMinus(mul(all(0.5), mulAdd(mul(all(a), dx), dx, all(fromRow))));
        const alpha = f32x4.pmin(mul(opacity, falloff), all(LARGEST_ALPHA));
        hit = v128.and(hit, f32x4.ge(alpha, all(SMALLEST_ALPHA)));
        const after = mul(before, sub(all(1), alpha));
        const ended = v128.and(hit, f32x4.lt(after, all(TRANSMITTANCE_STOP)));
        hit = v128.andnot(hit, ended);
        const light = v128.bitselect(after, before, hit);
        v128.store(lightAt, v128.bitselect(f32x4.neg(before), light, ended));
        for (let gone = i32x4.bitmask(ended); gone !== 0; gone &= gone - 1) {
          const tile = live + 4 * usize((row >> TILE) * across + ((px + ctz(gone)) >> TILE));
          store<i32>(tile, load<i32>(tile) - 1);
        }
        const weight = v128.and(mul(before, alpha), hit);
        let bits = i32x4.bitmask(hit);
        if (bits === 0) continue;
        const to = image + QUAD * usize(pixel);
        const share0 = v128.shuffle<i32>(weight, weight, 0, 0, 0, 0);
        const share1 = v128.shuffle<i32>(weight, weight, 1, 1, 1, 1);
        const share2 = v128.shuffle<i32>(weight, weight, 2, 2, 2, 2);
        const share3 = v128.shuffle<i32>(weight, weight, 3, 3, 3, 3);
        v128.store(to, mulAdd(share0, colourAndDepth, v128.load(to)));
        v128.store(to, mulAdd(share1, colourAndDepth, v128.load(to, 16)), 16);
        v128.store(to, mulAdd(share2, colourAndDepth, v128.load(to, 32)), 32);
        v128.store(to, mulAdd(share3, colourAndDepth, v128.load(to, 48)), 48);
        if (!isListed) continue;
        // Rows of four numbers become a fragment's numbers side by side.
        const pixels = i32x4.add(i32x4.splat(pixel), steps);
        const low = v128.shuffle<i32>(pixels, weight, 0, 4, 1, 5);
        const high = v128.shuffle<i32>(pixels, weight, 2, 6, 3, 7);
        v128.store(fragment, v128.shuffle<i32>(low, falloff, 0, 1, 4, 5));
        fragment += FRAGMENT * usize(bits & 1);
        v128.store(fragment, v128.shuffle<i32>(low, falloff, 2, 3, 5, 6));
        fragment += FRAGMENT * usize((bits >> 1) & 1);
        v128.store(fragment, v128.shuffle<i32>(high, falloff, 0, 1, 6, 7));
        fragment += FRAGMENT * usize((bits >> 2) & 1);
        v128.store(fragment, v128.shuffle<i32>(high, falloff, 2, 3, 7, 7));
        fragment += FRAGMENT * usize((bits >> 3) & 1);
      }
    }
    if (isListed) store<u32>(ends + 4 * usize(rank), u32((fragment - fragments) / FRAGMENT));
  }
  return i32((fragment - fragments) / FRAGMENT);
}

/** After `draw`: makes transmittance what it is. */
export function settle(pixels: i32, transmittance: usize): void {
  for (let i: usize = 0; i < usize(pixels); i++)
    store<f32>(transmittance + 4 * i, abs(load<f32>(transmittance + 4 * i)));
}

/**
 * Adds up over each splat's fragments, after `settle`; makes depth a pixel's mean.
 * @param visible index of the splat at each place of `records`
 * @param sums (splats, 8) weight times RGB of the pixel and times the splat's depth less the pixel's; weight, weight
 *   times coverage, and the integral of alpha over the picture plane
 */
export function sumSeen(
  count: i32,
  order: usize,
  visible: usize,
  records: usize,
  ends: usize,
  fragments: usize,
  pixels: i32,
  image: usize,
  transmittance: usize,
  sums: usize,
): void {
  for (let i: usize = 0; i < usize(pixels); i++) {
    const depth = image + QUAD * i + 12;
    store<f32>(depth, load<f32>(depth) / max<f32>(1 - load<f32>(transmittance + 4 * i), 1e-6));
  }
  let fragment = fragments;
  for (let rank = 0; rank < count; rank++) {
    const inBatch = rank % BATCH;
    if (inBatch === 0) fetchRecords(rank, count, order, records);
    const end = fragments + FRAGMENT * usize(load<u32>(ends + 4 * usize(rank)));
    const record = batched + RECORD * usize(inBatch);
    const own = f32x4.replace_lane(all(0), 3, load<f32>(record, 44));
    let seen = all(0);
    let weights: f32 = 0;
    let covered: f32 = 0;
    for (; fragment < end; fragment += FRAGMENT) {
      const pixel = usize(load<u32>(fragment));
      const weight = load<f32>(fragment, 4);
      seen = mulAdd(all(weight), sub(v128.load(image + QUAD * pixel), own), seen);
      weights += weight;
      covered += weight * (1 - load<f32>(transmittance + 4 * pixel));
    }
    const seenAt = found + SEEN * usize(inBatch);
    v128.store(seenAt, mul(seen, f32x4(1, 1, 1, -1)));
    store<f32>(seenAt + 16, weights);
    store<f32>(seenAt + 20, covered);
    if (inBatch !== BATCH - 1 && rank !== count - 1) continue;
    for (let i = 0; i <= inBatch; i++) {
      const from = found + SEEN * usize(i);
      const numbers = batched + RECORD * usize(i);
      const to = sums + SEEN * splatAt(rank - inBatch + i, order, visible);
      v128.store(to, add(v128.load(to), v128.load(from)));
      store<f32>(to + 16, load<f32>(to + 16) + load<f32>(from + 16));
      store<f32>(to + 20, load<f32>(to + 20) + load<f32>(from + 20));
      const alphas = f64(load<f32>(numbers + 20)) * 2 * Math.PI * sqrt<f64>(f64(load<f32>(numbers + 48)));
      store<f32>(to + 24, f32(f64(load<f32>(to + 24)) + alphas));
    }
  }
}

/**
 * Adds up each splat's weights, and its weights times `values` of the pixels.
 * @param visible index of the splat at each place of the order
 * @param sums (splats, 2)
 */
export function sumWeighted(
  count: i32,
  order: usize,
  visible: usize,
  ends: usize,
  fragments: usize,
  values: usize,
  sums: usize,
): void {
  let fragment = fragments;
  for (let rank = 0; rank < count; rank++) {
    const inBatch = rank % BATCH;
    const end = fragments + FRAGMENT * usize(load<u32>(ends + 4 * usize(rank)));
    let weights: f32 = 0;
    let weighted: f32 = 0;
    for (; fragment < end; fragment += FRAGMENT) {
      const weight = load<f32>(fragment, 4);
      weights += weight;
      weighted += weight * load<f32>(values + 4 * usize(load<u32>(fragment)));
    }
    store<f32>(found + 8 * usize(inBatch), weights);
    store<f32>(found + 8 * usize(inBatch) + 4, weighted);
    if (inBatch !== BATCH - 1 && rank !== count - 1) continue;
    for (let i = 0; i <= inBatch; i++) {
      const to = sums + 8 * splatAt(rank - inBatch + i, order, visible);
      store<f32>(to, load<f32>(to) + load<f32>(found + 8 * usize(i)));
      store<f32>(to + 4, load<f32>(to + 4) + load<f32>(found + 8 * usize(i) + 4));
    }
  }
}

/**
 * Moves fragments that weigh at least `smallest` together, in place, as their pixels and one number each; returns how
 * many splats have any, whose places and ends are moved together, too.
 * @param number of a fragment that is kept: 1 its weight, 2 the Gaussian's value
 * @param members of each splat by its place in `records`: below 0 where it is left out; 0 for no such list
 */
export function list(
  count: i32,
  order: usize,
  ends: usize,
  fragments: usize,
  smallest: f32,
  number: usize,
  members: usize,
): i32 {
  let kept = fragments;
  let fragment = fragments;
  let shown = 0;
  for (let rank = 0; rank < count; rank++) {
    const end = fragments + FRAGMENT * usize(load<u32>(ends + 4 * usize(rank)));
    const place = load<i32>(order + 4 * usize(rank));
    const first = kept;
    if (members !== 0 && load<i32>(members + 4 * usize(place)) < 0) fragment = end;
    for (; fragment < end; fragment += FRAGMENT) {
      if (load<f32>(fragment, 4) < smallest) continue;
      const pixel = load<u32>(fragment);
      const value = load<u32>(fragment + 4 * number);
      store<u32>(kept, pixel);
      store<u32>(kept + 4, value);
      kept += LISTED;
    }
    if (kept === first) continue;
    store<i32>(order + 4 * usize(shown), place);
    store<u32>(ends + 4 * usize(shown), u32((kept - fragments) / LISTED));
    shown++;
  }
  return shown;
}

/**
 * Writes which splat stands at each place of an order, and its colour in the view.
 * @param splats written: (count)
 * @param colours written: (count, 4) RGB, and a number that means nothing
 */
export function describe(
  count: i32,
  order: usize,
  visible: usize,
  records: usize,
  splats: usize,
  colours: usize,
): void {
  for (let rank = 0; rank < count; rank++) {
    const place = usize(load<i32>(order + 4 * usize(rank)));
    store<i32>(splats + 4 * usize(rank), load<i32>(visible + 4 * place));
    v128.store(colours + QUAD * usize(rank), v128.load(records + RECORD * place, 32));
  }
}

/** Opacity of a logit. */
// @ts-ignore: decorator
@inline
function sigmoid(logit: f32): f32 {
  const tail = f32x4.extract_lane(exponentialOfMinus(all(min<f32>(abs(logit), 79))), 0);
  return (logit < 0 ? tail : 1) / (1 + tail);
}

/** Listed fragments of a view, front to back. */
// @ts-ignore: decorator
@unmanaged
class FragmentList {
  /** Splats. */
  count: i32;
  /** (count) index of each splat. */
  splats: usize;
  /** (count) one past the last fragment of each of them. */
  ends: usize;
  /** (count, 4) colour in the view under the first parameters (3), and a number that means nothing. */
  colours: usize;
  fragments: usize;

  /** First byte behind a splat's fragments. */
  // @ts-ignore: decorator
  @inline
  endOf(rank: i32): usize {
    return this.fragments + LISTED * usize(load<u32>(this.ends + 4 * usize(rank)));
  }

  /** Of a splat's four parameters among those of all splats. */
  // @ts-ignore: decorator
  @inline
  parametersOf(rank: i32): usize {
    return QUAD * usize(load<i32>(this.splats + 4 * usize(rank)));
  }
}

/** What a list is drawn with, and on. */
// @ts-ignore: decorator
@unmanaged
class Canvas {
  /** (splats, 4) base colour and opacity logit as they are drawn, and as the list's colours were found. */
  values: usize;
  first: usize;
  /** Of the background. */
  grey: f32;
  pixels: i32;
  /** (pixels) */
  transmittance: usize;
  /** (pixels, 4) RGB over grey, and grey times coverage. */
  rendered: usize;

  // @ts-ignore: decorator
  @inline
  opacityOf(parameters: usize): f32 {
    return sigmoid(load<f32>(this.values + parameters, 12));
  }

  /** A splat's colour, and grey. */
  // @ts-ignore: decorator
  @inline
  colourOf(list: FragmentList, rank: i32, parameters: usize): v128 {
    const change = sub(v128.load(this.values + parameters), v128.load(this.first + parameters));
    const colour = mulAdd(all(SH_C0), change, v128.load(list.colours + QUAD * usize(rank)));
    return f32x4.replace_lane(f32x4.max(all(0), colour), 3, this.grey);
  }

  /** Prepares the batch that begins at a rank: colour, opacity and place of parameters of each splat. */
  prepare(list: FragmentList, rank: i32): void {
    const size = min(BATCH, list.count - rank);
    for (let i = 0; i < size; i++) {
      const parameters = list.parametersOf(rank + i);
      const to = batched + PREPARED * usize(i);
      v128.store(to, this.colourOf(list, rank + i, parameters));
      store<f32>(to + 16, this.opacityOf(parameters));
      store<usize>(to + 20, parameters);
    }
  }

  /** Nothing is drawn yet: all light comes through. */
  clear(): void {
    for (let i: usize = 0; i < usize(this.pixels); i++) store<f32>(this.transmittance + 4 * i, 1);
  }
}

/** Renders a list over grey. */
export function render(list: FragmentList, canvas: Canvas): void {
  const pixels = usize(canvas.pixels);
  const transmittance = canvas.transmittance;
  const rendered = canvas.rendered;
  canvas.clear();
  memory.fill(rendered, 0, QUAD * pixels);
  let fragment = list.fragments;
  for (let rank = 0; rank < list.count; rank++) {
    const inBatch = rank % BATCH;
    if (inBatch === 0) canvas.prepare(list, rank);
    const end = list.endOf(rank);
    const prepared = batched + PREPARED * usize(inBatch);
    const colour = v128.load(prepared);
    const opacity = load<f32>(prepared, 16);
    for (; fragment < end; fragment += LISTED) {
      const pixel = usize(load<u32>(fragment));
      const alpha = min<f32>(load<f32>(fragment, 4) * opacity, LARGEST_ALPHA);
      const before = load<f32>(transmittance + 4 * pixel);
      const to = rendered + QUAD * pixel;
      v128.store(to, mulAdd(all(alpha * before), colour, v128.load(to)));
      store<f32>(transmittance + 4 * pixel, before * (1 - alpha));
    }
  }
  for (let i: usize = 0; i < pixels; i++) {
    const behind = f32x4.replace_lane(all(canvas.grey * load<f32>(transmittance + 4 * i)), 3, 0);
    const to = rendered + QUAD * i;
    v128.store(to, add(v128.load(to), behind));
  }
}

/** First byte that no data of this module takes. */
export function firstFreeByte(): usize {
  return __heap_base;
}

/** Sum of four numbers. */
// @ts-ignore: decorator
@inline
function total(v: v128): f32 {
  const pairs = add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Adds what was found of a prepared batch's splats to `sums` (splats, 4). */
function addFound(size: i32, sums: usize): void {
  for (let i = 0; i < size; i++) {
    const to = sums + load<usize>(batched + PREPARED * usize(i), 20);
    v128.store(to, add(v128.load(to), v128.load(found + QUAD * usize(i))));
  }
}

/**
 * Adds to `gradient` (splats, 4) that of half the weighted squared error of `rendered`, after `render` of the same
 * list.
 * @param target (pixels, 4)
 * @param error,suffix room for (pixels, 4) and (pixels)
 */
export function addGradient(
  list: FragmentList,
  canvas: Canvas,
  target: usize,
  errorWeight: f32,
  error: usize,
  suffix: usize,
  gradient: usize,
): void {
  const pixels = usize(canvas.pixels);
  const transmittance = canvas.transmittance;
  const rendered = canvas.rendered;
  for (let i: usize = 0; i < pixels; i++) {
    const is = v128.load(rendered + QUAD * i);
    const off = mul(all(errorWeight), sub(is, v128.load(target + QUAD * i)));
    v128.store(error + QUAD * i, off);
    store<f32>(suffix + 4 * i, total(mul(off, is)));
  }
  canvas.clear();
  let fragment = list.fragments;
  for (let rank = 0; rank < list.count; rank++) {
    const inBatch = rank % BATCH;
    if (inBatch === 0) canvas.prepare(list, rank);
    const end = list.endOf(rank);
    const prepared = batched + PREPARED * usize(inBatch);
    const colour = v128.load(prepared);
    const opacity = load<f32>(prepared, 16);
    let byColour = all(0);
    let byOpacity: f32 = 0;
    for (; fragment < end; fragment += LISTED) {
      const pixel = usize(load<u32>(fragment));
      const unclamped = load<f32>(fragment, 4) * opacity;
      const alpha = min<f32>(unclamped, LARGEST_ALPHA);
      const before = load<f32>(transmittance + 4 * pixel);
      const weight = alpha * before;
      const off = v128.load(error + QUAD * pixel);
      const errorTimesColour = total(mul(off, colour));
      // Of the fragments behind this one.
      const behind = load<f32>(suffix + 4 * pixel) - weight * errorTimesColour;
      store<f32>(suffix + 4 * pixel, behind);
      if (unclamped <= LARGEST_ALPHA) byOpacity += (before * errorTimesColour - behind / (1 - alpha)) * alpha;
      byColour = mulAdd(all(weight), off, byColour);
      store<f32>(transmittance + 4 * pixel, before * (1 - alpha));
    }
    // A colour that is clamped at 0 gets its derivative all the same: it can't come back otherwise.
    const added = f32x4.replace_lane(mul(all(SH_C0), byColour), 3, byOpacity * (1 - opacity));
    v128.store(found + QUAD * usize(inBatch), added);
    if (inBatch === BATCH - 1 || rank === list.count - 1) addFound(inBatch + 1, gradient);
  }
}

/**
 * Visits the absolute derivatives of every pixel's channels by every parameter, after `render` of the same list:
 * sums them by pixel into `sums` (pixels, 4), or, with `curvature` (splats, 4), adds each times that sum there.
 * @param prefix room for (pixels, 4)
 */
export function visitDerivatives(
  list: FragmentList,
  canvas: Canvas,
  prefix: usize,
  sums: usize,
  curvature: usize,
): void {
  const transmittance = canvas.transmittance;
  const rendered = canvas.rendered;
  canvas.clear();
  memory.fill(prefix, 0, QUAD * usize(canvas.pixels));
  let fragment = list.fragments;
  for (let rank = 0; rank < list.count; rank++) {
    const inBatch = rank % BATCH;
    if (inBatch === 0) canvas.prepare(list, rank);
    const end = list.endOf(rank);
    const prepared = batched + PREPARED * usize(inBatch);
    const colour = v128.load(prepared);
    const opacity = load<f32>(prepared, 16);
    const moving = max<f32>(LEAST_ONE_MINUS_OPACITY, 1 - opacity);
    let colourCurvature = all(0);
    let opacityCurvature = all(0);
    for (; fragment < end; fragment += LISTED) {
      const pixel = usize(load<u32>(fragment));
      const unclamped = load<f32>(fragment, 4) * opacity;
      const alpha = min<f32>(unclamped, LARGEST_ALPHA);
      const before = load<f32>(transmittance + 4 * pixel);
      const weight = alpha * before;
      const alphaByLogit: f32 = unclamped > LARGEST_ALPHA ? 0 : alpha * moving;
      const passed = mulAdd(all(weight), colour, v128.load(prefix + QUAD * pixel));
      v128.store(prefix + QUAD * pixel, passed);
      const behind = mul(sub(v128.load(rendered + QUAD * pixel), passed), all(1 / (1 - alpha)));
      const byOpacity = mul(f32x4.abs(sub(mul(all(before), colour), behind)), all(alphaByLogit));
      const byColour = f32x4.replace_lane(all(SH_C0 * weight), 3, 0);
      const sum = v128.load(sums + QUAD * pixel);
      if (curvature === 0) v128.store(sums + QUAD * pixel, add(sum, add(byOpacity, byColour)));
      else {
        colourCurvature = mulAdd(byColour, sum, colourCurvature);
        opacityCurvature = mulAdd(byOpacity, sum, opacityCurvature);
      }
      store<f32>(transmittance + 4 * pixel, before * (1 - alpha));
    }
    if (curvature === 0) continue;
    const added = f32x4.replace_lane(colourCurvature, 3, total(opacityCurvature));
    v128.store(found + QUAD * usize(inBatch), added);
    if (inBatch === BATCH - 1 || rank === list.count - 1) addFound(inBatch + 1, curvature);
  }
}

/** Multiplies numbers by a factor, four at a time. */
export function scale(values: usize, quads: i32, factor: f32): void {
  for (let i: usize = 0; i < usize(quads); i++)
    v128.store(values + QUAD * i, mul(v128.load(values + QUAD * i), all(factor)));
}
