import { z } from 'zod';
import { MOST_PHOTOS } from './capture/photo-folder.ts';

export const CAPTURE_CHANNEL_ARGUMENTS = {
  showOpenCameras: z.tuple([]),
  /** The path comes from the preload script (webUtils.getPathForFile of a real dropped file), not from the page. */
  openDroppedCameras: z.tuple([z.string().min(1).max(4096)]),
  photosBeside: z.tuple([z.uuid(), z.array(z.string().max(4096)).max(MOST_PHOTOS)]),
  showOpenPhotos: z.tuple([]),
  saveMeasurements: z.tuple([
    z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^/\\\0]+$/),
    z.string().max(64 << 20),
  ]),
} as const;
