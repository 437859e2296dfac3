import { rigidWorldToView } from '../core/camera-parameters.ts';
import { rotationMatrix } from '../core/quaternion.ts';
import { norm, normalise, rotationError, vec3 } from '../core/vector.ts';

/** Largest deviation from a rotation that rounding in a file explains. */
const LARGEST_DEVIATION = 5e-3;

/**
 * (16) row-major world-to-view matrix of a camera whose axes and place are given in the world.
 * @param axes (9) row-major camera-to-world rotation, possibly times one scale (some tools leave one in): columns are
 *   the camera's right, down and forward directions
 * @returns undefined where `axes` is no rotation or a number is not finite
 */
export function worldToViewOf(axes: readonly number[], position: readonly number[]): Float64Array | undefined {
  const columns = [0, 1, 2].map((column) => vec3((k) => axes[column + 3 * k]));
  const lengths = columns.map(norm);
  const [right, down, forward] = columns.map(normalise);
  const deviation = Math.max(
    ...lengths.map((length) => Math.abs(length / lengths[0] - 1)),
    rotationError(right, down, forward),
  );
  // NaN fails every comparison, so the condition is the wanted one, not its opposite.
  if (!(deviation <= LARGEST_DEVIATION && position.every(Number.isFinite))) return undefined;
  return rigidWorldToView(
    [right, down, forward],
    vec3((k) => position[k]),
  );
}

/**
 * (16) row-major world-to-view matrix from COLMAP's world-to-camera quaternion (w first, any length) and translation.
 * @returns undefined where the quaternion is zero or a number is not finite
 */
export function worldToViewOfQuaternion(
  quaternion: readonly number[],
  translation: readonly number[],
): Float64Array | undefined {
  const length = Math.hypot(...quaternion);
  if (!(length > 1e-12 && Number.isFinite(length) && translation.every(Number.isFinite))) return undefined;
  const [w, x, y, z] = quaternion.map((value) => value / length);
  const rotation = rotationMatrix([w, x, y, z]);
  const rows = [0, 1, 2].flatMap((row) => [...rotation.slice(3 * row, 3 * row + 3), translation[row]]);
  return Float64Array.of(...rows, 0, 0, 0, 1);
}
