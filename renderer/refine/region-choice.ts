import { z } from 'zod';
import type { Vec3 } from '../core/vector.ts';
import { subtract } from '../core/vector.ts';

/** A ball in the scene's own axes and world units. */
export const ballSchema = z.strictObject({
  centre: z.tuple([z.number(), z.number(), z.number()]).readonly(),
  radius: z.number().positive(),
});

/** What of a scene is refined: its subject as far as it can be told, all of it, or what lies in a ball. */
export const regionSchema = z.union([z.enum(['auto', 'all']), ballSchema]);
export type Region = z.infer<typeof regionSchema>;

/** A region of the world as a scene with this origin has it. */
export function localRegion(region: Region | undefined, origin: Vec3 | undefined): Region | undefined {
  if (typeof region !== 'object' || origin === undefined) return region;
  return { ...region, centre: subtract(region.centre, origin) };
}
