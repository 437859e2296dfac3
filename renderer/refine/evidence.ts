import type { CameraParameters } from '../core/camera-parameters.ts';
import { cameraCentre } from '../core/camera-parameters.ts';
import type { Vec3 } from '../core/vector.ts';
import { norm, normalise, vec3 } from '../core/vector.ts';
import { toCanonical } from './canonical-frame.ts';
import { capturedDirections, tryViews } from './captured-views.ts';
import type { RefineManifest } from './manifest.ts';
import type { RefineInput } from './refine-input.ts';
import type { RefinedRegion } from './region.ts';
import { drawnScene, normalisedBall } from './region.ts';
import { cubeCamera, viewsPerRing } from './ring-cameras.ts';
import type { Ball } from '../core/subject.ts';

/** Splats of the densest scenes in training: what a network answers to denser ones is proved. */
const mostTrainedSplats = 30_000;

/**
 * What tells of the views that a scene was captured from. `cameras` were given that show the region; `sharpness`: views
 * were guessed from where the scene is sharp and whole; `around`: all sides, as nothing tells where cameras stood if
 * the up axis is doubted; `lowViews` of a lone object that is denser than what the network was trained on.
 */
export type Evidence =
  | {
      readonly kind: 'cameras';
      /** In the scene's own axes and world units. */
      readonly cameras: readonly CameraParameters[];
    }
  | {
      readonly kind: 'sharpness';
      /** What the views look at, in the network's units and the canonical frame. */
      readonly subject: Ball;
      /** Unit vectors from there to the views. */
      readonly directions: readonly Vec3[];
    }
  | { readonly kind: 'around' }
  | { readonly kind: 'lowViews' };

/**
 * Tells which evidence there is; null for a lone object as the network knows them, whose low views are restored.
 * @param cameras how many were given that show the region
 * @param up whether the axis that is taken for up may well be wrong; `unused` by a model that looks from nowhere
 */
export function evidenceKind(
  cameras: number,
  region: RefinedRegion,
  up: 'sure' | 'doubted' | 'unused',
): Evidence['kind'] | null {
  if (cameras > 0) return 'cameras';
  // Nobody's camera stands under the ground, but where that is must be known.
  if (region.isSurrounded && up === 'sure') return 'sharpness';
  if (region.isSurrounded || up === 'doubted') return 'around';
  return up === 'sure' && region.rows.length > mostTrainedSplats ? 'lowViews' : null;
}

/**
 * Gathers the evidence of a kind: of `sharpness` it looks at the scene from all sides.
 * @param cameras those that show the region
 * @param beforeView awaited before each view, with the share that is done
 */
export async function gatherEvidence(
  kind: Evidence['kind'],
  cameras: readonly CameraParameters[],
  input: RefineInput,
  manifest: RefineManifest,
  beforeView: (share: number) => Promise<void>,
): Promise<Evidence> {
  const { canonical, drawnRows, region, normalization } = input;
  if (kind === 'cameras') return { kind, cameras };
  if (kind !== 'sharpness') return { kind };
  if (!region.isSurrounded) throw new Error('Only views of what stands among surroundings are guessed.');
  const { centre, radius } = region.ball;
  const subject = normalisedBall({ centre: toCanonical(centre, input.up ?? 'z'), radius }, normalization);
  const { features, stride } = drawnScene(canonical, drawnRows, normalization, manifest);
  return { kind, subject, directions: capturedDirections(await tryViews(features, stride, subject, beforeView)) };
}

/** Of a guess, from the cube's middle in its sides: as far as views that prove stand from a subject that fills it. */
const guessedDistance = 1.15;
/** Nearer a camera stands within what it looks at. */
const leastDistance = 0.55;

/**
 * The views that stand for a low ring, in data consistency and in the visibility features of a network trained with
 * `captureViews`: at most
 * `viewsPerRing` from where the capture's cameras stood, all looking at the middle of the unit cube; null where nothing
 * tells where they did. models/training/evidence.py is the twin.
 */
export function captureLowViews(
  evidence: Evidence | null,
  { up, normalization: { scale, shift } }: Pick<RefineInput, 'up' | 'normalization'>,
): CameraParameters[] | null {
  if (evidence?.kind === 'sharpness')
    return spread(evidence.directions).map((direction) => cubeCamera(direction, guessedDistance));
  if (evidence?.kind !== 'cameras') return null;
  return spread(evidence.cameras).map(({ worldToView }) => {
    const eye = toCanonical(cameraCentre(worldToView), up ?? 'z');
    const away = vec3((k) => eye[k] * scale + shift[k] - 0.5);
    const length = norm(away);
    // A camera in the very middle looks as if from above.
    return cubeCamera(length > 0 ? normalise(away) : [0, 0, 1], Math.max(leastDistance, length));
  });
}

/** At most as many as a ring has, evenly spread from the first to the last. */
function spread<T>(views: readonly T[]): T[] {
  const count = Math.min(viewsPerRing, views.length);
  return Array.from({ length: count }, (_, i) => views[Math.round((i * (views.length - 1)) / Math.max(1, count - 1))]);
}
