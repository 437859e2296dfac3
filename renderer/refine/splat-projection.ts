import { cameraCentre, type CameraParameters } from '../core/camera-parameters.ts';
import { NEAR_Z } from '../core/near-distance.ts';
import { LOW_PASS, slopeLimits, SMALLEST_ALPHA } from '../core/reference-render.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import { column, splatWidth } from './attributes.ts';

const SH_C1 = Math.sqrt(3 / (4 * Math.PI));
const degree1Width = splatWidth(1);

/**
 * Columns of a projected splat, lengths in pixels: centre (x, y); the squared Mahalanobis distance a (dx + slope dy)^2
 * + conditional dy^2; opacity; RGB, where a component below 0 counts as 0; `cutoff`, the squared Mahalanobis distance
 * at which alpha falls to 1/255; half the height of that ellipse; depth along the view; determinant of the covariance.
 */
export const projected = {
  x: 0,
  y: 1,
  a: 2,
  slope: 3,
  conditional: 4,
  opacity: 5,
  rgb: 6,
  cutoff: 9,
  halfHeight: 10,
  depth: 11,
  determinant: 12,
  width: 13,
} as const;

/** A camera with what projection derives from it once. */
interface View extends CameraParameters {
  readonly near: number;
  readonly slopesX: readonly [number, number];
  readonly slopesY: readonly [number, number];
  readonly centre: readonly [number, number, number];
}

/** Columns of a splat's shape: its axes one after another, each as long as its scale; opacity, 0..1; see `cutoff`. */
const shape = { axes: 0, opacity: 9, cutoff: 10, width: 11 } as const;

/**
 * Projects splats to a view by elliptical weighted averaging (Zwicker et al. 2001), as the CPU twin does
 * (renderer/core/reference-render.ts), without an object a splat. Memory is held from view to view, and what no view
 * changes is computed once.
 */
export class SplatProjection {
  /** (visible, projected.width) records of the splats that the last view can show, in the order of `visible`. */
  records = new Float64Array(projected.width << 12);
  /** Indices of those splats, ascending. */
  readonly visible: Int32Array;
  /** Sort key of each of them: the bits of its depth. */
  readonly keys: Uint32Array;
  private readonly splats: number;
  /** (splats, shape.width) */
  private readonly shapes: Float32Array;
  private readonly depthBits = new Uint32Array(1);
  private readonly depthFloat = new Float32Array(this.depthBits.buffer);
  /** xx, xy, yy and determinant of a 2D covariance. */
  private readonly covariance = new Float64Array(4);

  /** @param features (splats, stride) columns as in `attributes.ts`, z up, in the unit cube; held, not copied */
  constructor(
    private readonly features: Float32Array,
    private readonly stride: number,
  ) {
    this.splats = features.length / stride;
    this.visible = new Int32Array(this.splats);
    this.keys = new Uint32Array(this.splats);
    this.shapes = new Float32Array(this.splats * shape.width);
    for (let splat = 0; splat < this.splats; splat++) this.writeShape(splat);
  }

  /** Takes in that the features of some splats have changed. */
  refresh(splats: Int32Array): void {
    for (const splat of splats) this.writeShape(splat);
  }

  /** Projects every splat, and returns how many of them the view can show. */
  project(camera: CameraParameters): number {
    const view: View = {
      ...camera,
      near: camera.near ?? NEAR_Z,
      slopesX: slopeLimits(camera.width, camera.cx, camera.fx),
      slopesY: slopeLimits(camera.height, camera.cy, camera.fy),
      centre: cameraCentre(camera.worldToView),
    };
    this.depthFloat[0] = view.near;
    const nearest = this.depthBits[0];
    let count = 0;
    for (let splat = 0; splat < this.splats; splat++) {
      if ((count + 1) * projected.width > this.records.length) this.grow();
      const to = count * projected.width;
      if (!this.projectSplat(splat, view, to)) continue;
      this.depthFloat[0] = this.records[to + projected.depth];
      // Floats above 0 sort as the integers of their bits.
      this.keys[count] = this.depthBits[0] - nearest;
      this.visible[count++] = splat;
    }
    return count;
  }

  private grow(): void {
    const { records } = this;
    this.records = new Float64Array(Math.min(2 * records.length, this.splats * projected.width));
    this.records.set(records);
  }

  /** Writes a splat's record; false where it is behind the camera, transparent or outside of the picture. */
  private projectSplat(splat: number, view: View, to: number): boolean {
    const { features, shapes, covariance, records } = this;
    const { worldToView: v, fx, fy, cx, cy, width, height, near } = view;
    const s = splat * this.stride;
    const [x, y, z] = [features[s], features[s + 1], features[s + 2]];
    const depth = v[8] * x + v[9] * y + v[10] * z + v[11];
    const opacity = shapes[splat * shape.width + shape.opacity];
    if (depth <= near || opacity < SMALLEST_ALPHA) return false;
    const slopeX = (v[0] * x + v[1] * y + v[2] * z + v[3]) / depth;
    const slopeY = (v[4] * x + v[5] * y + v[6] * z + v[7]) / depth;
    this.writeCovariance(splat * shape.width + shape.axes, view, depth, slopeX, slopeY);
    const [xx, xy, yy, determinant] = [covariance[0], covariance[1], covariance[2], covariance[3]];
    const cutoff = shapes[splat * shape.width + shape.cutoff];
    const halfWidth = Math.sqrt(cutoff * xx);
    const halfHeight = Math.sqrt(cutoff * yy);
    const [px, py] = [fx * slopeX + cx, fy * slopeY + cy];
    if (!(px + halfWidth > 0 && px - halfWidth < width && py + halfHeight > 0 && py - halfHeight < height))
      return false;
    records[to + projected.x] = px;
    records[to + projected.y] = py;
    records[to + projected.a] = yy / determinant;
    records[to + projected.slope] = -xy / yy;
    records[to + projected.conditional] = 1 / yy;
    records[to + projected.opacity] = opacity;
    records[to + projected.cutoff] = cutoff;
    records[to + projected.halfHeight] = halfHeight;
    records[to + projected.depth] = depth;
    records[to + projected.determinant] = determinant;
    this.writeColour(s, view, to + projected.rgb);
    return true;
  }

  /** Sets `covariance` = J W R S S' R' W' J' + low pass, for the splat whose axes begin at `from`. */
  private writeCovariance(from: number, view: View, depth: number, slopeX: number, slopeY: number): void {
    const { shapes, covariance } = this;
    const { worldToView: v, fx, fy, slopesX, slopesY } = view;
    const clampedX = Math.min(slopesX[1], Math.max(slopesX[0], slopeX));
    const clampedY = Math.min(slopesY[1], Math.max(slopesY[0], slopeY));
    // Rows of J W: what an axis moves across and down in pixels.
    const [perX, perY] = [fx / depth, fy / depth];
    const [acrossX, downX] = [perX * (v[0] - clampedX * v[8]), perY * (v[4] - clampedY * v[8])];
    const [acrossY, downY] = [perX * (v[1] - clampedX * v[9]), perY * (v[5] - clampedY * v[9])];
    const [acrossZ, downZ] = [perX * (v[2] - clampedX * v[10]), perY * (v[6] - clampedY * v[10])];
    let [xx, xy, yy] = [LOW_PASS, 0, LOW_PASS];
    // The determinant is summed from squared areas: xx * yy - xy * xy cancels to below 0 for a huge needle.
    let areas = 0;
    let [across0, down0, across1, down1] = [0, 0, 0, 0];
    for (let axis = 0; axis < 3; axis++) {
      const i = from + 3 * axis;
      const [ax, ay, az] = [shapes[i], shapes[i + 1], shapes[i + 2]];
      const across = acrossX * ax + acrossY * ay + acrossZ * az;
      const down = downX * ax + downY * ay + downZ * az;
      xx += across * across;
      xy += across * down;
      yy += down * down;
      const [area0, area1] = [across0 * down - down0 * across, across1 * down - down1 * across];
      areas += area0 * area0 + area1 * area1;
      if (axis === 0) [across0, down0] = [across, down];
      else [across1, down1] = [across, down];
    }
    covariance[0] = xx;
    covariance[1] = xy;
    covariance[2] = yy;
    covariance[3] = LOW_PASS * (xx + yy - LOW_PASS) + areas;
  }

  /** Writes a splat's axes, whatever the length of its quaternion, and its opacity. */
  private writeShape(splat: number): void {
    const { features, shapes } = this;
    const s = splat * this.stride;
    const to = splat * shape.width + shape.axes;
    const q = s + column.quats;
    const norm = Math.sqrt(features[q] ** 2 + features[q + 1] ** 2 + features[q + 2] ** 2 + features[q + 3] ** 2);
    const [w, x, y, z] = [features[q] / norm, features[q + 1] / norm, features[q + 2] / norm, features[q + 3] / norm];
    const first = Math.exp(features[s + column.scales]);
    const second = Math.exp(features[s + column.scales + 1]);
    const third = Math.exp(features[s + column.scales + 2]);
    shapes[to] = first * (1 - 2 * (y * y + z * z));
    shapes[to + 1] = first * 2 * (x * y + w * z);
    shapes[to + 2] = first * 2 * (x * z - w * y);
    shapes[to + 3] = second * 2 * (x * y - w * z);
    shapes[to + 4] = second * (1 - 2 * (x * x + z * z));
    shapes[to + 5] = second * 2 * (y * z + w * x);
    shapes[to + 6] = third * 2 * (x * z + w * y);
    shapes[to + 7] = third * 2 * (y * z - w * x);
    shapes[to + 8] = third * (1 - 2 * (x * x + y * y));
    const opacity = 1 / (1 + Math.exp(-features[s + column.opacities]));
    shapes[splat * shape.width + shape.opacity] = opacity;
    shapes[splat * shape.width + shape.cutoff] = 2 * Math.log(255 * opacity);
  }

  /** Writes the colour that spherical harmonics up to degree 1 give in the direction of the view. */
  private writeColour(s: number, { centre }: View, to: number): void {
    const { features, records } = this;
    const hasDegree1 = this.stride >= degree1Width;
    const [dx, dy, dz] = [features[s] - centre[0], features[s + 1] - centre[1], features[s + 2] - centre[2]];
    const factor = hasDegree1 ? SH_C1 / Math.sqrt(dx * dx + dy * dy + dz * dz) : 0;
    const rest = s + column.features_rest;
    for (let k = 0; k < 3; k++) {
      const degree1 = hasDegree1
        ? factor * (-dy * features[rest + k] + dz * features[rest + 3 + k] - dx * features[rest + 6 + k])
        : 0;
      records[to + k] = 0.5 + SH_C0 * features[s + column.features_dc + k] + degree1;
    }
  }
}
