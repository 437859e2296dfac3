import { z } from 'zod';

/** A ball in the scene's own axes and world units. */
export const ballSchema = z.strictObject({
  centre: z.tuple([z.number(), z.number(), z.number()]).readonly(),
  radius: z.number().positive(),
});

/** What of a scene is refined: its subject as far as it can be told, all of it, or what lies in a ball. */
export const regionSchema = z.union([z.enum(['auto', 'all']), ballSchema]);
export type Region = z.infer<typeof regionSchema>;
