import { isDrawable } from './drawable.ts';
import { quantile, quantiles } from './quantile.ts';
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
  const ofRows = (value: (row: number) => number): Float64Array => Float64Array.from(rows, value);
  const centre = vec3((k) => {
    const along = ofRows((row) => positions[3 * row + k]);
    return quantile(along, 0.5);
  });
  const distances = ofRows((row) => norm(vec3((k) => positions[3 * row + k] - centre[k])));
  const sizes = ofRows((row) => Math.max(logScales[3 * row], logScales[3 * row + 1], logScales[3 * row + 2]));
  const [radius, wideRadius] = quantiles(distances, [0.5, WIDE_SHARE]);
  return { centre, radius, wideRadius, splatSize: Math.exp(quantile(sizes, 0.5)) };
}
