import { cameraCentre, type CameraParameters } from '../core/camera-parameters.ts';
import { NEAR_Z } from '../core/near-distance.ts';
import { LOW_PASS, slopeLimits, SMALLEST_ALPHA } from '../core/reference-render.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import { column, splatWidth } from './attributes.ts';

const SH_C1 = Math.sqrt(3 / (4 * Math.PI));
const degree1Width = splatWidth(1);

/**
 * Columns of a projected splat, lengths in pixels: centre (x, y); conic (a, b, c), the inverse of its 2D covariance;
 * opacity; RGB, where a component below 0 counts as 0; `cutoff`, the squared Mahalanobis distance at which alpha falls
 * to 1/255; half the height of that ellipse; depth along the view; determinant of the covariance.
 */
export const projected = {
  x: 0,
  y: 1,
  a: 2,
  b: 3,
  c: 4,
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

/**
 * Projects splats to a view by elliptical weighted averaging (Zwicker et al. 2001), as the CPU twin does
 * (renderer/core/reference-render.ts), without an object a splat. Memory is held from view to view.
 */
export class SplatProjection {
  /** (splats, projected.width) records of the visible splats, at their own index. */
  readonly records: Float64Array;
  /** Indices of the splats that the last view can show, ascending. */
  readonly visible: Int32Array;
  /** Sort key of each visible splat: the bits of its depth. */
  readonly keys: Uint32Array;
  private readonly splats: number;
  private readonly depthBits = new Uint32Array(1);
  private readonly depthFloat = new Float32Array(this.depthBits.buffer);
  /** Columns of a rotation matrix, one after another. */
  private readonly rotation = new Float64Array(9);
  /** xx, xy, yy and determinant of a 2D covariance. */
  private readonly covariance = new Float64Array(4);

  /** @param features (splats, stride) columns as in `attributes.ts`, z up, in the unit cube */
  constructor(
    private readonly features: Float32Array,
    private readonly stride: number,
  ) {
    this.splats = features.length / stride;
    this.records = new Float64Array(this.splats * projected.width);
    this.visible = new Int32Array(this.splats);
    this.keys = new Uint32Array(this.splats);
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
      if (!this.projectSplat(splat, view)) continue;
      this.depthFloat[0] = this.records[splat * projected.width + projected.depth];
      // Floats above 0 sort as the integers of their bits.
      this.keys[count] = this.depthBits[0] - nearest;
      this.visible[count++] = splat;
    }
    return count;
  }

  /** Writes a splat's record; false where it is behind the camera, transparent or outside of the picture. */
  private projectSplat(splat: number, view: View): boolean {
    const { features, records } = this;
    const { worldToView: v, fx, fy, cx, cy, width, height, near } = view;
    const s = splat * this.stride;
    const [x, y, z] = [features[s], features[s + 1], features[s + 2]];
    const depth = v[8] * x + v[9] * y + v[10] * z + v[11];
    const opacity = 1 / (1 + Math.exp(-features[s + column.opacities]));
    if (depth <= near || opacity < SMALLEST_ALPHA) return false;
    const slopeX = (v[0] * x + v[1] * y + v[2] * z + v[3]) / depth;
    const slopeY = (v[4] * x + v[5] * y + v[6] * z + v[7]) / depth;
    this.writeCovariance(s, view, depth, slopeX, slopeY);
    const [xx, xy] = [this.covariance[0], this.covariance[1]];
    const [yy, determinant] = [this.covariance[2], this.covariance[3]];
    const cutoff = 2 * Math.log(255 * opacity);
    const halfWidth = Math.sqrt(cutoff * xx);
    const halfHeight = Math.sqrt(cutoff * yy);
    const [px, py] = [fx * slopeX + cx, fy * slopeY + cy];
    if (!(px + halfWidth > 0 && px - halfWidth < width && py + halfHeight > 0 && py - halfHeight < height))
      return false;
    const to = splat * projected.width;
    records[to + projected.x] = px;
    records[to + projected.y] = py;
    records[to + projected.a] = yy / determinant;
    records[to + projected.b] = -xy / determinant;
    records[to + projected.c] = xx / determinant;
    records[to + projected.opacity] = opacity;
    records[to + projected.cutoff] = cutoff;
    records[to + projected.halfHeight] = halfHeight;
    records[to + projected.depth] = depth;
    records[to + projected.determinant] = determinant;
    this.writeColour(s, view, to + projected.rgb);
    return true;
  }

  /** Sets `covariance` = J W R S S' R' W' J' + low pass, for the splat whose features begin at `s`. */
  private writeCovariance(s: number, view: View, depth: number, slopeX: number, slopeY: number): void {
    const { features, rotation } = this;
    const { worldToView: v, fx, fy, slopesX, slopesY } = view;
    const clampedX = Math.min(slopesX[1], Math.max(slopesX[0], slopeX));
    const clampedY = Math.min(slopesY[1], Math.max(slopesY[0], slopeY));
    this.writeRotation(s + column.quats);
    let [xx, xy, yy] = [LOW_PASS, 0, LOW_PASS];
    // The determinant is summed from squared areas: xx * yy - xy * xy cancels to below 0 for a huge needle.
    let areas = 0;
    let [across0, down0, across1, down1] = [0, 0, 0, 0];
    for (let axis = 0; axis < 3; axis++) {
      const [ax, ay, az] = [rotation[3 * axis], rotation[3 * axis + 1], rotation[3 * axis + 2]];
      const scale = Math.exp(features[s + column.scales + axis]);
      const viewZ = v[8] * ax + v[9] * ay + v[10] * az;
      const across = (fx / depth) * (v[0] * ax + v[1] * ay + v[2] * az - clampedX * viewZ) * scale;
      const down = (fy / depth) * (v[4] * ax + v[5] * ay + v[6] * az - clampedY * viewZ) * scale;
      xx += across * across;
      xy += across * down;
      yy += down * down;
      areas += (across0 * down - down0 * across) ** 2 + (across1 * down - down1 * across) ** 2;
      if (axis === 0) [across0, down0] = [across, down];
      else [across1, down1] = [across, down];
    }
    this.covariance[0] = xx;
    this.covariance[1] = xy;
    this.covariance[2] = yy;
    this.covariance[3] = LOW_PASS * (xx + yy - LOW_PASS) + areas;
  }

  /** Sets `rotation` to the matrix of the quaternion at `q`, whatever its length. */
  private writeRotation(q: number): void {
    const { features, rotation } = this;
    const norm = Math.sqrt(features[q] ** 2 + features[q + 1] ** 2 + features[q + 2] ** 2 + features[q + 3] ** 2);
    const [w, x, y, z] = [features[q] / norm, features[q + 1] / norm, features[q + 2] / norm, features[q + 3] / norm];
    rotation[0] = 1 - 2 * (y * y + z * z);
    rotation[1] = 2 * (x * y + w * z);
    rotation[2] = 2 * (x * z - w * y);
    rotation[3] = 2 * (x * y - w * z);
    rotation[4] = 1 - 2 * (x * x + z * z);
    rotation[5] = 2 * (y * z + w * x);
    rotation[6] = 2 * (x * z + w * y);
    rotation[7] = 2 * (y * z - w * x);
    rotation[8] = 1 - 2 * (x * x + y * y);
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
