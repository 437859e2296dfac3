import { opacityOfLogit } from '../core/drawable.ts';
import { SplatError } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { formatCount } from '../core/units.ts';
import { vec3, type Vec3 } from '../core/vector.ts';

/** A Gaussian is drawn out to this many standard deviations. */
const SIGMAS = 3;
/** Voxels along the side of a block; a block's voxels lie together. */
export const BLOCK_SIDE = 4;
const BLOCK = BLOCK_SIDE ** 3;
/** 1 GiB of densities. */
const MAX_BLOCKS = 2 ** 22;
/** Splats between two progress reports. */
const REPORT_ROWS = 8192;

/**
 * How dense a scene is, voxel by voxel, on the CPU; only blocks that a splat reaches are held.
 * The rules are those of splat-transform's voxel filters: every splat adds opacity times its Gaussian at the voxel's
 * point nearest to its centre, and a voxel is solid where 1 - exp(-sum) reaches a limit.
 */
export class VoxelGrid {
  /** Blocks along each axis. */
  readonly dims: Vec3;
  private readonly slots: BlockTable;
  private densities = new Float32Array(1024 * BLOCK);

  /**
   * @param min,max corners of what will be added, world units
   * @param voxel edge length of a voxel, world units
   */
  constructor(
    readonly min: Vec3,
    max: Vec3,
    readonly voxel: number,
  ) {
    this.dims = vec3((k) => Math.floor((max[k] - min[k]) / (voxel * BLOCK_SIDE)) + 1);
    this.slots = new BlockTable();
  }

  get blocks(): number {
    return this.slots.size;
  }

  /** Adds the given splats of a scene. */
  add(scene: SplatScene, rows: Int32Array, { onProgress }: JobOptions = {}): void {
    const gaussian = new Gaussian(scene);
    for (let i = 0; i < rows.length; i++) {
      if (i % REPORT_ROWS === 0) onProgress?.({ stage: 'Filling voxels', fraction: i / rows.length });
      gaussian.take(rows[i]);
      this.addOne(gaussian);
    }
  }

  private addOne(g: Gaussian): void {
    const { voxel, min } = this;
    const [x0, x1] = this.reach(g, 0);
    const [y0, y1] = this.reach(g, 1);
    const [z0, z1] = this.reach(g, 2);
    for (let z = z0; z <= z1; z++) {
      const dz = nearest(g.z, min[2] + z * voxel, voxel);
      for (let y = y0; y <= y1; y++) {
        const dy = nearest(g.y, min[1] + y * voxel, voxel);
        for (let x = x0; x <= x1; x++) {
          const dx = nearest(g.x, min[0] + x * voxel, voxel);
          const density = g.at(dx, dy, dz);
          if (density > 1e-5) this.densities[this.place(x, y, z)] += density;
        }
      }
    }
  }

  /** First and last voxel along an axis that the splat reaches. */
  private reach(g: Gaussian, axis: 0 | 1 | 2): [number, number] {
    const centre = axis === 0 ? g.x : axis === 1 ? g.y : g.z;
    const extent = g.extent[axis];
    const last = this.dims[axis] * BLOCK_SIDE - 1;
    return [
      Math.max(0, Math.floor((centre - extent - this.min[axis]) / this.voxel)),
      Math.min(last, Math.floor((centre + extent - this.min[axis]) / this.voxel)),
    ];
  }

  /** Where a voxel's density is held; its block is made if need be. */
  private place(x: number, y: number, z: number): number {
    const slot = this.slots.add(this.blockOf(x >> 2, y >> 2, z >> 2));
    if (slot >= MAX_BLOCKS)
      throw new SplatError(
        'out-of-memory',
        `The scene fills more than ${formatCount(MAX_BLOCKS)} blocks of voxels.`,
        'Choose larger voxels.',
      );
    if ((slot + 1) * BLOCK > this.densities.length) {
      const grown = new Float32Array(this.densities.length * 2);
      grown.set(this.densities);
      this.densities = grown;
    }
    return slot * BLOCK + (x & 3) + (y & 3) * BLOCK_SIDE + (z & 3) * BLOCK_SIDE * BLOCK_SIDE;
  }

  private blockOf(bx: number, by: number, bz: number): number {
    return bx + this.dims[0] * (by + this.dims[1] * bz);
  }

  /**
   * Marks the voxels whose opacity reaches `opacity` (0..1): (blocks * 64) 1 where solid, in the order that `solidAt`
   * knows.
   */
  solid(opacity: number): Uint8Array {
    const limit = -Math.log(Math.max(1e-12, 1 - opacity));
    // Denser than this is full: what the library stops adding at.
    const enough = Math.min(limit, 7);
    const solid = new Uint8Array(this.blocks * BLOCK);
    for (let i = 0; i < solid.length; i++) if (this.densities[i] >= enough) solid[i] = 1;
    return solid;
  }

  /** The largest part of the solid voxels that hangs together face to face. */
  largestPart(solid: Uint8Array): Uint8Array {
    const part = new Int32Array(solid.length);
    const stack: number[] = [];
    let parts = 0;
    let largest = 0;
    let most = 0;
    for (let start = 0; start < solid.length; start++) {
      if (solid[start] === 0 || part[start] !== 0) continue;
      parts++;
      let size = 0;
      stack.push(start);
      part[start] = parts;
      while (stack.length > 0) {
        const at = stack.pop() as number;
        size++;
        for (const next of this.neighbours(at)) {
          if (next < 0 || solid[next] === 0 || part[next] !== 0) continue;
          part[next] = parts;
          stack.push(next);
        }
      }
      if (size > most) {
        most = size;
        largest = parts;
      }
    }
    return solid.map((flag, i) => (flag === 1 && part[i] === largest ? 1 : 0));
  }

  private readonly around = new Int32Array(6);

  /** Places of the six voxels next to one; -1 where no block is held. */
  private neighbours(at: number): Int32Array {
    const slot = Math.floor(at / BLOCK);
    const block = this.slots.keyOf(slot);
    const within = at % BLOCK;
    const position = [
      (block % this.dims[0]) * BLOCK_SIDE + (within & 3),
      (Math.floor(block / this.dims[0]) % this.dims[1]) * BLOCK_SIDE + ((within >> 2) & 3),
      Math.floor(block / (this.dims[0] * this.dims[1])) * BLOCK_SIDE + (within >> 4),
    ];
    for (let n = 0; n < 6; n++) {
      const axis = n >> 1;
      const step = (n & 1) === 0 ? 1 : -1;
      position[axis] += step;
      this.around[n] = this.find(position[0], position[1], position[2]);
      position[axis] -= step;
    }
    return this.around;
  }

  private find(x: number, y: number, z: number): number {
    const bx = x >> 2;
    const by = y >> 2;
    const bz = z >> 2;
    if (bx < 0 || by < 0 || bz < 0 || bx >= this.dims[0] || by >= this.dims[1] || bz >= this.dims[2]) return -1;
    const slot = this.slots.get(this.blockOf(bx, by, bz));
    return slot < 0 ? -1 : slot * BLOCK + (x & 3) + (y & 3) * BLOCK_SIDE + (z & 3) * BLOCK_SIDE * BLOCK_SIDE;
  }

  /**
   * Whether the splat's centre lies in a marked voxel, or it adds at least `least` opacity at the middle of `hits`
   * marked ones.
   */
  touches(g: Gaussian, marked: Uint8Array, least: number, hits: number): boolean {
    const { voxel, min } = this;
    const centre = this.find(
      Math.floor((g.x - min[0]) / voxel),
      Math.floor((g.y - min[1]) / voxel),
      Math.floor((g.z - min[2]) / voxel),
    );
    if (centre >= 0 && marked[centre] === 1) return true;
    const [x0, x1] = this.reach(g, 0);
    const [y0, y1] = this.reach(g, 1);
    const [z0, z1] = this.reach(g, 2);
    let found = 0;
    // Whole blocks: a Gaussian goes on a little beyond its reach.
    for (let bz = z0 >> 2; bz <= z1 >> 2; bz++) {
      for (let by = y0 >> 2; by <= y1 >> 2; by++) {
        for (let bx = x0 >> 2; bx <= x1 >> 2; bx++) {
          const slot = this.slots.get(this.blockOf(bx, by, bz));
          if (slot < 0) continue;
          for (let within = 0; within < BLOCK; within++) {
            if (marked[slot * BLOCK + within] === 0) continue;
            const dx = min[0] + (bx * BLOCK_SIDE + (within & 3) + 0.5) * voxel - g.x;
            const dy = min[1] + (by * BLOCK_SIDE + ((within >> 2) & 3) + 0.5) * voxel - g.y;
            const dz = min[2] + (bz * BLOCK_SIDE + (within >> 4) + 0.5) * voxel - g.z;
            if (g.at(dx, dy, dz) >= least && ++found >= hits) return true;
          }
        }
      }
    }
    return false;
  }
}

/** Offset from a centre to the nearest coordinate of the voxel that begins at `low`. */
function nearest(centre: number, low: number, voxel: number): number {
  return centre < low ? low - centre : centre > low + voxel ? low + voxel - centre : 0;
}

/** One splat of a scene as a density in space; taken again and again, so that nothing is allocated for each. */
export class Gaussian {
  x = 0;
  y = 0;
  z = 0;
  /** Half the size of the box around what is drawn of it, world units. */
  readonly extent = new Float64Array(3);
  private opacity = 0;
  /** Rows: the splat's axes over their scales, so that the sum of squares is the squared Mahalanobis distance. */
  private readonly inverse = new Float64Array(9);

  constructor(private readonly scene: SplatScene) {}

  take(row: number): void {
    const { positions, quats, logScales, logitOpacities } = this.scene;
    this.x = positions[3 * row];
    this.y = positions[3 * row + 1];
    this.z = positions[3 * row + 2];
    this.opacity = opacityOfLogit(logitOpacities[row]);
    const norm = Math.hypot(quats[4 * row], quats[4 * row + 1], quats[4 * row + 2], quats[4 * row + 3]);
    const w = quats[4 * row] / norm;
    const i = quats[4 * row + 1] / norm;
    const j = quats[4 * row + 2] / norm;
    const k = quats[4 * row + 3] / norm;
    // Rows of the rotation's transpose: world to the splat's own axes.
    const r = this.inverse;
    r[0] = 1 - 2 * (j * j + k * k);
    r[1] = 2 * (i * j + w * k);
    r[2] = 2 * (i * k - w * j);
    r[3] = 2 * (i * j - w * k);
    r[4] = 1 - 2 * (i * i + k * k);
    r[5] = 2 * (j * k + w * i);
    r[6] = 2 * (i * k + w * j);
    r[7] = 2 * (j * k - w * i);
    r[8] = 1 - 2 * (i * i + j * j);
    this.extent.fill(0);
    for (let axis = 0; axis < 3; axis++) {
      // A scale of zero would divide by it; this is as thin as anything that shows.
      const scale = Math.max(1e-9, Math.exp(logScales[3 * row + axis]));
      for (let c = 0; c < 3; c++) {
        this.extent[c] += Math.abs(r[3 * axis + c]) * scale * SIGMAS;
        r[3 * axis + c] /= scale;
      }
    }
  }

  /** Opacity at an offset from the centre, world units. */
  at(dx: number, dy: number, dz: number): number {
    const r = this.inverse;
    const a = r[0] * dx + r[1] * dy + r[2] * dz;
    const b = r[3] * dx + r[4] * dy + r[5] * dz;
    const c = r[6] * dx + r[7] * dy + r[8] * dz;
    return this.opacity * Math.exp(-0.5 * (a * a + b * b + c * c));
  }
}

/** Block numbers to running slots: open addressing over typed arrays, since a Map of millions is slow and large. */
class BlockTable {
  private keys = new Float64Array(4096).fill(-1);
  private values = new Int32Array(4096);
  private order = new Float64Array(2048);
  size = 0;

  keyOf(slot: number): number {
    return this.order[slot];
  }

  get(key: number): number {
    const at = this.find(key);
    return this.keys[at] === key ? this.values[at] : -1;
  }

  add(key: number): number {
    const at = this.find(key);
    if (this.keys[at] === key) return this.values[at];
    const slot = this.size++;
    this.keys[at] = key;
    this.values[at] = slot;
    this.order[slot] = key;
    if (this.size === this.order.length) this.grow();
    return slot;
  }

  private find(key: number): number {
    const last = this.keys.length - 1;
    let at = (Math.imul(key % 0x100000000, 0x9e3779b1) ^ Math.imul(key / 0x100000000, 0x85ebca6b)) >>> 0;
    at = (at ^ (at >>> 15)) & last;
    while (this.keys[at] !== -1 && this.keys[at] !== key) at = (at + 1) & last;
    return at;
  }

  private grow(): void {
    const { order, size } = this;
    this.order = new Float64Array(size * 2);
    this.order.set(order);
    this.keys = new Float64Array(size * 4).fill(-1);
    this.values = new Int32Array(size * 4);
    for (let slot = 0; slot < size; slot++) {
      const at = this.find(order[slot]);
      this.keys[at] = order[slot];
      this.values[at] = slot;
    }
  }
}
