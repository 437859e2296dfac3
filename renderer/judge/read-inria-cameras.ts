import { z } from 'zod';
import { checkJson, dropNulls } from '../core/json.ts';
import { listOf } from '../core/list-of.ts';
import { invalid } from '../io/source.ts';
import type { CaptureCameras } from './capture-cameras.ts';
import { cameraJson } from './camera-json.ts';
import { worldToViewOf } from './rigid.ts';

const vector = z.tuple([z.number(), z.number(), z.number()]);

const inriaCameras = listOf(
  z.object({
    img_name: z.union([z.string().min(1), z.number().transform(String)]),
    width: z.number().positive(),
    height: z.number().positive(),
    /** Camera-to-world: columns are right, down, forward. */
    rotation: z.tuple([vector, vector, vector]),
    position: vector,
    fx: z.number().positive(),
    fy: z.number().positive(),
    cx: z.number().optional(),
    cy: z.number().optional(),
  }),
  { min: 1, tooFew: 'lists no camera' },
);

/**
 * Reads the parsed cameras.json that the INRIA program writes beside its results (utils/camera_utils.py,
 * camera_to_JSON). The principal point is the middle unless a fork wrote cx and cy.
 * @throws SplatError `invalid-file`
 */
export function readInriaCameras(name: string, json: unknown): CaptureCameras {
  const cameras = checkJson(cameraJson(name), dropNulls(json), inriaCameras).map(
    ({ img_name: image, width, height, rotation, position, fx, fy, cx, cy }, index) => {
      const worldToView = worldToViewOf(rotation.flat(), position);
      if (worldToView === undefined) throw invalid(name, `camera ${index} (${image}) has a rotation that is none`);
      return {
        image,
        parameters: { worldToView, fx, fy, cx: cx ?? width / 2, cy: cy ?? height / 2, width, height },
        sizeIsKnown: true,
      };
    },
  );
  return { format: 'inria', cameras, warnings: [] };
}
