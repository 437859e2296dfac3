import { cameraCentre, type CameraParameters } from './camera-parameters.ts';
import { isDrawable, opacityOfLogit } from './drawable.ts';
import { nearDistanceFor } from './near-distance.ts';
import { rotationMatrix } from './quaternion.ts';
import { shRestCount, type ShDegree, type SplatScene } from './splat-scene.ts';
import type { Rgb } from './vector.ts';

// Constants of the INRIA rasteriser (graphdeco-inria/diff-gaussian-rasterization, forward.cu and auxiliary.h).

export const LOW_PASS = 0.3;
export const LARGEST_ALPHA = 0.99;
export const SMALLEST_ALPHA = 1 / 255;
/** INRIA ends a pixel before the splat that would take its transmittance below this. */
export const INRIA_TRANSMITTANCE_STOP = 1e-4;

export interface ReferenceOptions {
  /**
   * A pixel is finished before the splat that would leave less than this transmittance: INRIA's 1e-4 by default,
   * 0 for the sum over all splats, which is what blending hardware computes.
   */
  readonly transmittanceStop?: number;
}

interface ProjectedSplats {
  readonly count: number;
  readonly depth: Float64Array;
  /** (count, 2) pixels from the top-left corner. */
  readonly centre: Float64Array;
  /** (count, 3) inverse 2D covariance xx, xy, yy in 1/px². */
  readonly conic: Float64Array;
  /** (count, 2) half extents in pixels of the box in which alpha can reach 1/255. */
  readonly extent: Float64Array;
  readonly opacity: Float64Array;
  readonly colour: Float64Array;
}

/**
 * The CPU twin of the renderer: the INRIA equations for one picture, in float64.
 * Differences from that program, all of them deliberate: no 16-pixel tiles (a splat reaches every pixel where its alpha
 * is 1/255 or more, INRIA cuts at tiles that a 3-sigma box touches), the clamp of the Jacobian follows an
 * off-centre principal point as in gsplat, splats that `isDrawable` refuses are left out.
 * @param background rgb 0..1
 * @returns (height, width, 3) display-referred rgb, row-major from the top-left, not clamped above 1
 */
export function renderReference(
  scene: SplatScene,
  camera: CameraParameters,
  background: Rgb,
  options: ReferenceOptions = {},
): Float32Array {
  const stop = options.transmittanceStop ?? INRIA_TRANSMITTANCE_STOP;
  const { width, height } = camera;
  const splats = projectSplats(scene, camera);
  const order = Array.from({ length: splats.count }, (_, i) => i);
  // Array.prototype.sort is stable, so equal depths keep the order of the file, as INRIA's radix sort does.
  order.sort((a, b) => splats.depth[a] - splats.depth[b]);

  const transmittance = new Float64Array(width * height).fill(1);
  const finished = new Uint8Array(width * height);
  const sum = new Float64Array(width * height * 3);
  for (const s of order) {
    const [x, y] = [splats.centre[s * 2], splats.centre[s * 2 + 1]];
    const [a, b, c] = [splats.conic[s * 3], splats.conic[s * 3 + 1], splats.conic[s * 3 + 2]];
    const [ex, ey] = [splats.extent[s * 2], splats.extent[s * 2 + 1]];
    const opacity = splats.opacity[s];
    const x0 = Math.max(0, Math.floor(x - ex - 0.5));
    const x1 = Math.min(width - 1, Math.ceil(x + ex - 0.5));
    const y0 = Math.max(0, Math.floor(y - ey - 0.5));
    const y1 = Math.min(height - 1, Math.ceil(y + ey - 0.5));
    for (let py = y0; py <= y1; py++) {
      const dy = py + 0.5 - y;
      for (let px = x0; px <= x1; px++) {
        const pixel = py * width + px;
        if (finished[pixel] === 1) continue;
        const dx = px + 0.5 - x;
        const power = -0.5 * (a * dx * dx + c * dy * dy) - b * dx * dy;
        if (power > 0) continue;
        const alpha = Math.min(LARGEST_ALPHA, opacity * Math.exp(power));
        if (alpha < SMALLEST_ALPHA) continue;
        const before = transmittance[pixel];
        const after = before * (1 - alpha);
        if (after < stop) {
          finished[pixel] = 1;
          continue;
        }
        const weight = before * alpha;
        for (let k = 0; k < 3; k++) sum[pixel * 3 + k] += weight * splats.colour[s * 3 + k];
        transmittance[pixel] = after;
      }
    }
  }

  const picture = new Float32Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let k = 0; k < 3; k++) picture[pixel * 3 + k] = sum[pixel * 3 + k] + transmittance[pixel] * background[k];
  }
  return picture;
}

function projectSplats(scene: SplatScene, camera: CameraParameters): ProjectedSplats {
  const { worldToView: v, fx, fy, cx, cy, width, height, near = nearDistanceFor(scene) } = camera;
  const n = scene.count;
  const splats = {
    depth: new Float64Array(n),
    centre: new Float64Array(n * 2),
    conic: new Float64Array(n * 3),
    extent: new Float64Array(n * 2),
    opacity: new Float64Array(n),
    colour: new Float64Array(n * 3),
  };
  const [slopeMinX, slopeMaxX] = slopeLimits(width, cx, fx);
  const [slopeMinY, slopeMaxY] = slopeLimits(height, cy, fy);
  const eye = cameraCentre(v);
  const restStride = shRestCount(scene.shDegree) * 3;
  const coefficients = new Float64Array(3 + restStride);
  const m = new Float64Array(6);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (!isDrawable(scene, i)) continue;
    const [x, y, z] = [scene.positions[i * 3], scene.positions[i * 3 + 1], scene.positions[i * 3 + 2]];
    const tx = v[0] * x + v[1] * y + v[2] * z + v[3];
    const ty = v[4] * x + v[5] * y + v[6] * z + v[7];
    const tz = v[8] * x + v[9] * y + v[10] * z + v[11];
    if (tz <= near) continue;

    jacobianTimesAxes(
      scene,
      i,
      camera,
      clamp(tx / tz, slopeMinX, slopeMaxX),
      clamp(ty / tz, slopeMinY, slopeMaxY),
      tz,
      m,
    );
    const xx = m[0] * m[0] + m[1] * m[1] + m[2] * m[2];
    const xy = m[0] * m[3] + m[1] * m[4] + m[2] * m[5];
    const yy = m[3] * m[3] + m[4] * m[4] + m[5] * m[5];
    const a = xx + LOW_PASS;
    const c = yy + LOW_PASS;
    const det = a * c - xy * xy;
    let opacity = opacityOfLogit(scene.logitOpacities[i]);
    if (scene.meta.antialiased) opacity *= Math.sqrt(Math.max(0, (xx * yy - xy * xy) / det));
    if (opacity < SMALLEST_ALPHA) continue;

    const reach = 2 * Math.log(255 * opacity);
    splats.depth[count] = tz;
    splats.centre[count * 2] = (fx * tx) / tz + cx;
    splats.centre[count * 2 + 1] = (fy * ty) / tz + cy;
    splats.conic.set([c / det, -xy / det, a / det], count * 3);
    splats.extent.set([Math.sqrt(reach * a), Math.sqrt(reach * c)], count * 2);
    splats.opacity[count] = opacity;
    coefficients.set(scene.shDc.subarray(i * 3, i * 3 + 3));
    coefficients.set(scene.shRest.subarray(i * restStride, (i + 1) * restStride), 3);
    const rgb = shColour(scene.shDegree, coefficients, x - eye[0], y - eye[1], z - eye[2]);
    for (let k = 0; k < 3; k++) splats.colour[count * 3 + k] = Math.max(0, rgb[k] + 0.5);
    count++;
  }
  return { count, ...splats };
}

/** Range of x/z (or y/z) at which the Jacobian is taken: the picture's edges and 30 % of half a picture beyond. */
export function slopeLimits(size: number, principal: number, focal: number): [number, number] {
  const margin = (0.3 * 0.5 * size) / focal;
  return [-(principal / focal + margin), (size - principal) / focal + margin];
}

/**
 * Writes the (2, 3) matrix J·W·R·S: its rows' dot products are the 2D covariance in px² (EWA splatting, Zwicker et
 * al. 2001).
 */
function jacobianTimesAxes(
  scene: SplatScene,
  i: number,
  camera: CameraParameters,
  slopeX: number,
  slopeY: number,
  tz: number,
  out: Float64Array,
): void {
  const v = camera.worldToView;
  const q = scene.quats.subarray(i * 4, i * 4 + 4);
  const norm = Math.hypot(q[0], q[1], q[2], q[3]);
  const [w, x, y, z] = [q[0] / norm, q[1] / norm, q[2] / norm, q[3] / norm];
  const rotation = rotationMatrix([w, x, y, z]);
  for (let axis = 0; axis < 3; axis++) {
    const scale = Math.exp(scene.logScales[i * 3 + axis]);
    const [ax, ay, az] = [rotation[axis], rotation[3 + axis], rotation[6 + axis]];
    const viewX = v[0] * ax + v[1] * ay + v[2] * az;
    const viewY = v[4] * ax + v[5] * ay + v[6] * az;
    const viewZ = v[8] * ax + v[9] * ay + v[10] * az;
    out[axis] = (camera.fx / tz) * (viewX - slopeX * viewZ) * scale;
    out[3 + axis] = (camera.fy / tz) * (viewY - slopeY * viewZ) * scale;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * Real spherical harmonics in the order and signs of Gaussian splatting files, before the + 0.5.
 * @param coefficients (K + 1, 3) coefficient-major, degree 0 first
 * @param dx,dy,dz direction from the camera to the splat, any length above 0
 */
export function shColour(degree: ShDegree, coefficients: ArrayLike<number>, dx: number, dy: number, dz: number): Rgb {
  const length = Math.hypot(dx, dy, dz);
  const basis = shBasis(degree, dx / length, dy / length, dz / length);
  const rgb: [number, number, number] = [0, 0, 0];
  for (let k = 0; k < basis.length; k++) {
    for (let channel = 0; channel < 3; channel++) rgb[channel] += basis[k] * coefficients[k * 3 + channel];
  }
  return rgb;
}

export function shBasis(degree: ShDegree, x: number, y: number, z: number): number[] {
  const basis = [Math.sqrt(1 / (4 * Math.PI))];
  if (degree >= 1) {
    const c1 = Math.sqrt(3 / (4 * Math.PI));
    basis.push(-c1 * y, c1 * z, -c1 * x);
  }
  if (degree >= 2) {
    const c2 = Math.sqrt(15 / (4 * Math.PI));
    basis.push(
      c2 * x * y,
      -c2 * y * z,
      Math.sqrt(5 / (16 * Math.PI)) * (2 * z * z - x * x - y * y),
      -c2 * x * z,
      0.5 * c2 * (x * x - y * y),
    );
  }
  if (degree >= 3) {
    const a = Math.sqrt(35 / (32 * Math.PI));
    const b = Math.sqrt(105 / (4 * Math.PI));
    const c = Math.sqrt(21 / (32 * Math.PI));
    const d = Math.sqrt(7 / (16 * Math.PI));
    basis.push(
      -a * y * (3 * x * x - y * y),
      b * x * y * z,
      -c * y * (4 * z * z - x * x - y * y),
      d * z * (2 * z * z - 3 * x * x - 3 * y * y),
      -c * x * (4 * z * z - x * x - y * y),
      0.5 * b * z * (x * x - y * y),
      -a * x * (x * x - 3 * y * y),
    );
  }
  return basis;
}
