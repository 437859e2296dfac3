import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { seededRandom } from '../../seeded-random.ts';

/** Where made splats lie, how large and how opaque they are. */
export interface MadeSplats {
  readonly count: number;
  /** Any place for three random numbers in 0..1. */
  readonly place: (u: number, v: number, w: number) => Vec3;
  readonly size: number;
  readonly opacityLogit?: number;
}

/** A scene of round splats in random colours, its parts one after another. */
export function madeScene(parts: readonly MadeSplats[], seed = 1): SplatScene {
  const random = seededRandom(seed);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const scene = createScene(count, 1, { antialiased: false, up: 'z', format: 'inria-ply', name: 'made.ply' });
  let row = 0;
  for (const { count: splats, place, size, opacityLogit = 3 } of parts) {
    for (const end = row + splats; row < end; row++) {
      scene.positions.set(place(random(), random(), random()), 3 * row);
      scene.logScales.fill(Math.log(size), 3 * row, 3 * row + 3);
      scene.quats.set([1, 0, 0, 0], 4 * row);
      scene.logitOpacities[row] = opacityLogit;
      scene.shDc.set([random() - 0.5, random() - 0.5, random() - 0.5], 3 * row);
    }
  }
  return scene;
}

/** A place on a sphere. */
export function onSphere(centre: Vec3, radius: number): MadeSplats['place'] {
  return (u, v) => {
    const [z, azimuth] = [2 * u - 1, 2 * Math.PI * v];
    const level = Math.sqrt(1 - z * z);
    return [
      centre[0] + radius * level * Math.cos(azimuth),
      centre[1] + radius * level * Math.sin(azimuth),
      centre[2] + radius * z,
    ];
  };
}

/** A small finely captured ball in a coarse room, which hides its surroundings from no side. */
export function ballInRoom(centre: Vec3, scale = 1): SplatScene {
  return madeScene([
    { count: 2000, place: onSphere(centre, 0.5 * scale), size: 0.02 * scale },
    { count: 2000, place: onSphere(centre, 4 * scale), size: 0.25 * scale },
  ]);
}
