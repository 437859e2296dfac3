import { sceneBody } from '../core/body.ts';
import { drawableMask } from '../core/drawable.ts';
import { SplatError } from '../core/errors.ts';
import { countMask, keepRows } from '../core/keep-rows.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { formatCount } from '../core/units.ts';
import { finiteLogit, finiteLogScale } from './finite-limits.ts';

/** A scene as a format can hold it. */
export interface HeldScene {
  readonly scene: SplatScene;
  /** What the file will not hold as it is, as sentences for people. */
  readonly notes: readonly string[];
}

/** Splats beyond this many times the distance that holds nine tenths of them are strays. */
const STRAY_RADII = 8;

/**
 * The scene as lossy formats can hold it: infinite opacities and scales of zero become the nearest number that can be
 * stored, splats that can't be drawn are left out, as their zero quaternions and overflowing scales would become ones
 * that show.
 * @throws SplatError `empty-scene` where nothing is left
 */
export function holdDrawn(scene: SplatScene): HeldScene {
  const kept = keepRows(scene, drawableMask(scene));
  if (kept.count === 0)
    throw new SplatError(
      'empty-scene',
      `${scene.meta.name} holds no splat that can be drawn, and this format stores no others.`,
      'Save as PLY instead.',
    );
  const left = scene.count - kept.count;
  return {
    scene: {
      ...kept,
      logScales: kept.logScales.map(finiteLogScale),
      logitOpacities: kept.logitOpacities.map(finiteLogit),
    },
    notes: left === 0 ? [] : [`${splats(left)} that can't be drawn ${left === 1 ? 'was' : 'were'} left out.`],
  };
}

/** Marks the splats of a drawable scene that lie far from all others: (N) 1 for strays, else 0. */
export function strayMask(scene: SplatScene): Uint8Array {
  const mask = new Uint8Array(scene.count);
  const body = sceneBody(scene);
  if (body === null) return mask;
  const { centre, wideRadius } = body;
  const limit = (STRAY_RADII * wideRadius) ** 2;
  for (let row = 0; row < scene.count; row++) {
    let squared = 0;
    for (let k = 0; k < 3; k++) squared += (scene.positions[3 * row + k] - centre[k]) ** 2;
    // Where nine tenths lie in one place, everything else is a part of the scene.
    if (wideRadius > 0 && squared > limit) mask[row] = 1;
  }
  return countMask(mask) === scene.count ? new Uint8Array(scene.count) : mask;
}

/** A number of splats in words. */
export function splats(count: number): string {
  return count === 1 ? 'One splat' : `${formatCount(count)} splats`;
}

/** Names of the columns that only plain PLY files hold, as a sentence for people; none where there are none. */
export function lostColumnNotes({ extra = [] }: Pick<SplatScene, 'extra'>): string[] {
  if (extra.length === 0) return [];
  const names = extra.map(({ name }) => name).join(', ');
  return [`The column${extra.length === 1 ? '' : 's'} ${names} can only be kept in an uncompressed PLY.`];
}

/** That a scene far away is written as if it stood at zero. @param format for people */
export function originNotes({ meta: { origin } }: SplatScene, format: string): string[] {
  return origin === undefined ? [] : [`Places count from ${origin.join(' ')}, which ${format} can't hold.`];
}

/** That a scene trained with a mip filter is written without the word of it. @param format for people */
export function antialiasedNotes({ meta: { antialiased } }: SplatScene, format: string): string[] {
  if (!antialiased) return [];
  return [`The scene was trained anti-aliased, which ${format} can't say: thin parts may look bolder.`];
}

/** That strays are not in the file. */
export function strayNote(count: number): string {
  return `${splats(count)} far from all others ${count === 1 ? 'was' : 'were'} left out, to keep the rest in place.`;
}
