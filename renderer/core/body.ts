import { isDrawable } from './drawable.ts';
import type { SplatScene } from './splat-scene.ts';
import { norm, vec3, type Vec3 } from './vector.ts';

/** Where most of a scene lies, world units. No number of strays below a tenth of the splats moves it much. */
export interface SceneBody {
  /** Median of the splats' centres, axis by axis. */
  readonly centre: Vec3;
  /** Half of the splats lie within it. */
  readonly radius: number;
  /** Nine tenths of the splats lie within it. */
  readonly wideRadius: number;
  /** Median of the splats' largest axes (standard deviations). */
  readonly splatSize: number;
}

/** Splats that are looked at, evenly spaced in the file. */
const SAMPLES = 4096;
const WIDE_SHARE = 0.9;

/** Measures the body of the splats that can be drawn; null where there is none. */
export function sceneBody(scene: SplatScene): SceneBody | null {
  const rows: number[] = [];
  const step = Math.max(1, Math.floor(scene.count / SAMPLES));
  for (let row = 0; row < scene.count; row += step) if (isDrawable(scene, row)) rows.push(row);
  if (rows.length === 0) return null;
  const { positions, logScales } = scene;
  const sorted = (value: (row: number) => number): Float64Array => Float64Array.from(rows, value).sort();
  const at = (values: Float64Array, share: number): number => values[Math.floor((values.length - 1) * share)];
  const centre = vec3((k) =>
    at(
      sorted((row) => positions[3 * row + k]),
      0.5,
    ),
  );
  const distances = sorted((row) => norm(vec3((k) => positions[3 * row + k] - centre[k])));
  const sizes = sorted((row) => Math.max(logScales[3 * row], logScales[3 * row + 1], logScales[3 * row + 2]));
  return {
    centre,
    radius: at(distances, 0.5),
    wideRadius: at(distances, WIDE_SHARE),
    splatSize: Math.exp(at(sizes, 0.5)),
  };
}
