import type { CameraParameters } from './camera-parameters.ts';
import { quantile } from './quantile.ts';
import type { Vec3 } from './vector.ts';
import { norm, subtract, vec3 } from './vector.ts';

/** Scenes this many times their own size away from zero are kept about an origin of their own. */
const FAR_SIZES = 16;
const SAMPLES = 4096;
/** Share of the splats within the size. */
const SIZE_SHARE = 0.9;

/**
 * The origin for positions that 32-bit numbers would round, as those of surveyed places are: undefined where the scene
 * lies near zero. It is a multiple of a power of two, so that adding it loses nothing of itself.
 * @param positions (N, 3) world units, in double precision
 */
export function originFor(positions: Float64Array): Vec3 | undefined {
  const count = positions.length / 3;
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const places: Vec3[] = [];
  for (let row = 0; row < count; row += step) {
    const place = vec3((k) => positions[3 * row + k]);
    if (place.every(Number.isFinite)) places.push(place);
  }
  if (places.length === 0) return undefined;
  const centre = vec3((k) => {
    const along = Float64Array.from(places, (place) => place[k]);
    return quantile(along, 0.5);
  });
  const distances = Float64Array.from(places, (place) => norm(subtract(place, centre)));
  const size = quantile(distances, SIZE_SHARE);
  const farthest = Math.max(...centre.map(Math.abs));
  if (farthest <= FAR_SIZES * size) return undefined;
  const unit = 2 ** Math.floor(Math.log2(size > 0 ? size : farthest * 2 ** -20));
  return vec3((k) => Math.round(centre[k] / unit) * unit);
}

/** A camera of the world as the positions of a scene with this origin have it; the camera itself without one. */
export function localCamera<Camera extends Pick<CameraParameters, 'worldToView'>>(
  camera: Camera,
  origin: Vec3 | undefined,
): Camera {
  if (origin === undefined) return camera;
  const worldToView = Float64Array.from(camera.worldToView);
  for (let row = 0; row < 12; row += 4)
    for (let k = 0; k < 3; k++) worldToView[row + 3] += worldToView[row + k] * origin[k];
  return { ...camera, worldToView };
}
