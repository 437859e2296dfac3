import { SplatError } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { vec3 } from '../core/vector.ts';
import { splatWidth } from './attributes.ts';
import { surroundingCover } from './captured-views.ts';
import type { Normalization } from './features.ts';
import { normalizationOf, normalizedPositions, refinableRows, writeFeatures } from './features.ts';
import type { RefineManifest } from './manifest.ts';
import type { Region } from './region-choice.ts';
import type { Ball, Bulk } from '../core/subject.ts';
import { findBulk, findSubject, rowsInside } from '../core/subject.ts';

/** Mean coverage beyond a ball from which something stands around it; 0 to 0.1 and 0.7 to 1 were met of subjects. */
const surroundedFrom = 0.3;

/**
 * Radii of the bulk's ball in those of the subject up to which all may be one object, of which some is finer than the
 * rest, as 2 to 8 of lone objects were met: then something must stand around 95 % of all splats, too, as it does in a
 * small room (coverage of 0.5 to 0.9; 0 to 0.04 around lone objects; 5 to 65 radii of rooms were met).
 */
const oneObjectRadii = 12;

/** Splats below which a scene is a lone object: too few to tell what surrounds what. */
const fewestOfCapture = 100;

/** The part of a scene that a refinement changes. */
export type RefinedRegion = {
  /** Scene rows that change, ascending; others pass byte for byte. */
  readonly rows: Int32Array;
} & (
  | {
      /** Where they lie, in the scene's own axes; null for a whole scene. */
      readonly ball: Ball | null;
      readonly isSurrounded: false;
    }
  | {
      readonly ball: Ball;
      /** Something stands around them that takes part in every picture. */
      readonly isSurrounded: true;
    }
);

/** What of a model's description views of a scene depend on. */
type LookManifest = Pick<RefineManifest, 'normalization' | 'quaternions' | 'colour' | 'shDegree'>;

/** Of the shipped model. */
export const shippedLook: LookManifest = {
  normalization: 'boundingBox',
  quaternions: 'unit',
  colour: 'sh',
  shDegree: 1,
};

/** A scene's splats as views draw them, in the network's units. */
export interface DrawnScene {
  /** (drawn rows, stride) as for `visibilityFeatures`. */
  readonly features: Float32Array;
  readonly stride: number;
}

/**
 * Chooses what of a scene is refined. A lone object in empty space is refined whole, but for strays; what stands among
 * surroundings is cut out, so that the network meets it at the scale that it was trained on.
 * @param rows scene rows that can be refined, ascending
 * @throws SplatError `empty-scene` where a given ball holds none of them
 */
export async function chooseRegion(
  scene: SplatScene,
  rows: Int32Array,
  region: Region,
  manifest: LookManifest,
  beforeView: (share: number) => Promise<void>,
): Promise<RefinedRegion> {
  if (region === 'all') return { rows, ball: null, isSurrounded: false };
  if (region !== 'auto') {
    const inside = rowsInside(scene, rows, region);
    if (inside.length > 0) return { rows: inside, ball: region, isSurrounded: inside.length < rows.length };
    throw new SplatError(
      'empty-scene',
      'The region holds no splats that can be refined.',
      'Choose a region that holds the object, or refine the whole scene.',
    );
  }
  const { centre, radius, coreRadius } = findBulk(scene, rows);
  const ball = { centre, radius };
  const bulkRows = rowsInside(scene, rows, ball);
  const subject = await surroundedSubject(scene, rows, { ...ball, coreRadius, rows: bulkRows }, manifest, beforeView);
  return subject ?? { rows: bulkRows, ball: bulkRows.length < rows.length ? ball : null, isSurrounded: false };
}

/** What `auto` would refine of a scene, as it can be told before a model is at hand. */
export interface FoundRegion extends Pick<RefinedRegion, 'ball' | 'isSurrounded'> {
  /** Splats that would change. */
  readonly splats: number;
  /** Splats that are drawn, and could. */
  readonly drawn: number;
}

/** Finds what `auto` would refine; models of other kinds look at the same views. */
export async function findRegion(
  scene: SplatScene,
  beforeView: (share: number) => Promise<void>,
): Promise<FoundRegion> {
  const drawnRows = refinableRows(scene);
  if (drawnRows.length === 0) return { ball: null, isSurrounded: false, splats: 0, drawn: 0 };
  const { rows, ball, isSurrounded } = await chooseRegion(scene, drawnRows, 'auto', shippedLook, beforeView);
  return { ball, isSurrounded, splats: rows.length, drawn: drawnRows.length };
}

/**
 * The subject of a scene, where something stands around it.
 * @param bulk what can: strays surround nothing, however large they are
 */
async function surroundedSubject(
  scene: SplatScene,
  rows: Int32Array,
  bulk: Bulk & { readonly rows: Int32Array },
  manifest: LookManifest,
  beforeView: (share: number) => Promise<void>,
): Promise<RefinedRegion | null> {
  if (rows.length < fewestOfCapture) return null;
  const ball = findSubject(scene, rows);
  // A subject without extent can't be looked at: most detail lies in one place.
  if (ball.radius === 0) return null;
  const mayBeOneObject = bulk.radius <= oneObjectRadii * ball.radius;
  const core = { centre: bulk.centre, radius: bulk.coreRadius };
  for (const [i, around] of (mayBeOneObject ? [core, ball] : [ball]).entries()) {
    const report = (share: number): Promise<void> => beforeView(mayBeOneObject ? (i + share) / 2 : share);
    if ((await coverAround(scene, bulk.rows, around, manifest, report)) < surroundedFrom) return null;
  }
  return { rows: rowsInside(scene, rows, ball), ball, isSurrounded: true };
}

/** Mean coverage of what stands around a ball. */
async function coverAround(
  scene: SplatScene,
  drawnRows: Int32Array,
  ball: Ball,
  manifest: LookManifest,
  beforeView: (share: number) => Promise<void>,
): Promise<number> {
  const normalization = normalizationOf(scene.positions, rowsInside(scene, drawnRows, ball), manifest);
  const { features, stride } = drawnScene(scene, drawnRows, normalization, manifest);
  return surroundingCover(features, stride, normalisedBall(ball, normalization), beforeView);
}

/** Writes what views show of a scene: all rows that are drawn, with harmonics up to degree 1. */
export function drawnScene(
  scene: SplatScene,
  drawnRows: Int32Array,
  normalization: Normalization,
  manifest: Pick<RefineManifest, 'quaternions' | 'colour' | 'shDegree'>,
): DrawnScene {
  const shDegree = manifest.shDegree === 0 ? 0 : 1;
  const stride = splatWidth(shDegree);
  const every = Int32Array.from(drawnRows, (_, i) => i);
  const normalized = normalizedPositions(scene.positions, drawnRows, normalization);
  const features = writeFeatures(scene, drawnRows, normalized, every, normalization, { ...manifest, shDegree }, stride);
  return { features, stride };
}

/** The ball in the network's units. */
export function normalisedBall({ centre, radius }: Ball, { scale, shift }: Normalization): Ball {
  return { centre: vec3((k) => centre[k] * scale + shift[k]), radius: radius * scale };
}
