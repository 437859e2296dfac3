import { throwIfAborted } from '../../core/errors.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { yieldToEventLoop } from '../../core/yield-to-event-loop.ts';
import type { BlendSettings } from '../../refine/residual-blend.ts';
import { ResidualBlend } from '../../refine/residual-blend.ts';
import type { RefineResiduals } from '../../refine/residuals.ts';

/** Splats worked on between two looks at the clock. */
const BATCH_ROWS = 8192;
/** The page keeps moving when no work of it takes longer. */
const BATCH_MS = 8;

/** Runs a started blend to its end without holding the page up. Throws `cancelled`. */
export function runBlend(blend: ResidualBlend, signal?: AbortSignal): Promise<void> {
  return runInBatches((rows) => blend.advance(rows), 'Blending', { signal });
}

/**
 * Calls `advance`, which works on so many rows, until it says that it is done, without holding the page up; `onPause`
 * before each pause. Throws `cancelled`.
 */
export async function runInBatches(
  advance: (rows: number) => boolean,
  what: string,
  { signal, onPause }: { readonly signal?: AbortSignal | undefined; readonly onPause?: () => void },
): Promise<void> {
  let pausedMs = performance.now();
  while (!advance(BATCH_ROWS)) {
    if (performance.now() - pausedMs < BATCH_MS) continue;
    onPause?.();
    await yieldToEventLoop();
    throwIfAborted(signal, what);
    pausedMs = performance.now();
  }
}

/**
 * The scene with the residuals as the settings say (see `applyResiduals`), made without holding the page up. Throws
 * `cancelled`.
 */
export async function blendScene(
  scene: SplatScene,
  residuals: RefineResiduals,
  settings: BlendSettings,
  signal?: AbortSignal,
): Promise<SplatScene> {
  const blend = new ResidualBlend(scene, residuals);
  blend.start(settings);
  await runBlend(blend, signal);
  return blend.take();
}
