import { z } from 'zod';
import { recordOf } from '../core/record-of.ts';
import { WRITABLE_FORMATS } from '../core/writable-formats.ts';

/** How Chromium was told to find a GPU: as it comes, X11 with Vulkan, or the software adapter. */
export const graphicsModeSchema = z.enum(['default', 'x11-vulkan', 'software']);
export type GraphicsMode = z.infer<typeof graphicsModeSchema>;

const milliseconds = z.number().min(0);
const refinePaceSchema = z.strictObject({ sight: milliseconds, network: milliseconds, check: milliseconds });

/**
 * Every choice about the view that is remembered between starts: what it may be and, after `catch`, what it is at first
 * and where the settings file of an older version lacks it or has a bad value.
 */
const VIEW_CHOICES = {
  /** Vertical field of view. */
  fovYDegrees: z.number().min(10).max(120).catch(50),
  showGrid: z.boolean().catch(false),
  showAxes: z.boolean().catch(false),
  /** Whether the axes stand in a corner of the view, to look along. */
  showGizmo: z.boolean().catch(true),
  theme: z.enum(['system', 'dark', 'light']).catch('dark'),
  /** Size of texts and controls, 100 as designed. */
  zoomPercent: z.int().min(50).max(300).catch(100),
  /** Width of the dock beside the scene, in CSS pixels. */
  dockWidth: z.number().min(100).max(4000).catch(360),
  /** Id of the dock's open panel, '' for none. */
  openPanel: z.string().max(64).catch(''),
  /** The format in which a scene was saved last. */
  saveFormat: z.enum(WRITABLE_FORMATS).catch('inria-ply'),
  /** Whether the first start's hint was dismissed. */
  hintDismissed: z.boolean().catch(false),
  /** Whether a chip over the scene tells how far the view is from the capture. */
  showGauge: z.boolean().catch(true),
  /** What the last refinement took, by model and device, in milliseconds for each splat; see `RefineClock`. */
  refinePaces: recordOf(z.string().max(200), refinePaceSchema).catch({}),
};

/** The view's choices as the settings file holds them: one bad value does not cost the others. */
export const storedViewSchema = z.object(VIEW_CHOICES);
export type ViewSettings = Readonly<z.infer<typeof storedViewSchema>>;
export type ThemeChoice = ViewSettings['theme'];

/** The view's choices as the page sends them: all of them, and a bad value is refused. */
export const viewSettingsSchema = z.strictObject(withoutDefaults(VIEW_CHOICES));

type Unwrapped<T> = { [Name in keyof T]: T[Name] extends z.ZodCatch<infer Schema> ? Schema : never };

function withoutDefaults<T extends Record<string, z.ZodCatch>>(fields: T): Unwrapped<T> {
  const schemas = Object.entries(fields).map(([name, field]) => [name, field.unwrap()]);
  return Object.fromEntries(schemas) as Unwrapped<T>;
}
