import type { CameraParameters } from '../core/camera-parameters.ts';
import { cameraCentre } from '../core/camera-parameters.ts';
import { opacityOfLogit } from '../core/drawable.ts';
import { SplatError } from '../core/errors.ts';
import { nearDistanceFor } from '../core/near-distance.ts';
import { LARGEST_ALPHA } from '../core/reference-render.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { findSubject, rowsInside } from '../core/subject.ts';
import type { UpAxis } from '../core/up-axes.ts';
import { distance } from '../core/vector.ts';
import { column } from './attributes.ts';
import { toCanonical, toCanonicalFrame } from './canonical-frame.ts';
import { camerasShowing, canonicalCameras } from './captured-cameras.ts';
import { directionsAround, viewDistance, viewFrom } from './captured-views.ts';
import { normalizationOf, refinableRows } from './features.ts';
import { FragmentRasteriser, visibilitySum } from './fragment-rasteriser.ts';
import { placesAmong } from './refine-input.ts';
import type { DrawnScene } from './region.ts';
import { drawnScene, normalisedBall, shippedLook } from './region.ts';

/** What `findVeil` goes by. */
export interface VeilOptions {
  /** The capture's cameras, in the scene's own axes, without lens distortion. */
  readonly cameras: readonly CameraParameters[];
  readonly up: UpAxis;
  /** Share of captured pictures that a splat may take, in its share of pictures from elsewhere, 0..1. */
  readonly mostSeen: number;
}

/** Cameras that are looked through, spread over all. */
const mostCameras = 64;
/** Directions that are tried over the whole sphere, and the height from which on a person may look, as a sine. */
const directions = 32;
const lowestDirection = 0.2;
/** Of a splat's footprint from elsewhere, the part that must cover what the cameras saw. */
const leastCovering = 0.5;
/** Opacity logit at which splats that may hide something are looked at, so that they do not hide each other. */
const faintLogit = -3.9;

/**
 * Finds what hides a capture's subject from where no camera stood: splats beyond it that take a large share of pictures
 * from elsewhere and hardly any of the captured ones, and that stand before what the cameras saw. A fit leaves such
 * splats where its photos did not look; one that stands before nothing is left, as it may be all that is there.
 * @param beforeView awaited before each view, with the share that is done
 * @returns (splats) 1 for each splat that was found
 * @throws SplatError `usage` where no camera shows the subject
 */
export async function findVeil(
  scene: SplatScene,
  { cameras, up, mostSeen }: VeilOptions,
  beforeView: (share: number) => Promise<void>,
): Promise<Uint8Array> {
  const found = new Uint8Array(scene.count);
  const drawnRows = refinableRows(scene);
  if (drawnRows.length === 0) return found;
  const ball = findSubject(scene, drawnRows);
  const rows = rowsInside(scene, drawnRows, ball);
  const showing = camerasShowing(cameras, scene.positions, rows);
  if (showing.length === 0)
    throw new SplatError(
      'usage',
      'None of the cameras shows the middle of the scene.',
      'They may belong to another scene, or lie in other axes: see Judge.',
    );
  const canonical = toCanonicalFrame(scene, up);
  const normalization = normalizationOf(canonical.positions, rows, shippedLook);
  const drawn = drawnScene(canonical, drawnRows, normalization, shippedLook);
  const captured = canonicalCameras(showing, up, normalization, nearDistanceFor(scene), mostCameras);
  const subject = normalisedBall({ ...ball, centre: toCanonical(ball.centre, up) }, normalization);
  const away = captured.map(({ worldToView }) => distance(cameraCentre(worldToView), subject.centre));
  const usual = away.sort((a, b) => a - b)[away.length >> 1];
  const elsewhere = directionsAround(directions)
    .filter(([, , z]) => z > lowestDirection)
    .map((direction) => viewFrom({ ...subject, radius: usual / viewDistance }, direction));
  const views = captured.length + 2 * elsewhere.length;
  const report = (from: number) => (view: number) => beforeView((from + view) / views);
  const rasteriser = new FragmentRasteriser(drawn.features, drawn.stride);
  const seen = await sharesOf(rasteriser, captured, report(0));
  const hiding = await sharesOf(rasteriser, elsewhere, report(captured.length));
  const mayHide = Uint8Array.from(seen, (share, place) => Number(share < mostSeen * hiding[place]));
  for (const place of placesAmong(drawnRows, rows)) mayHide[place] = 0;
  const covering = await coveringOf(drawn, mayHide, elsewhere, report(captured.length + elsewhere.length));
  for (const [place, row] of drawnRows.entries())
    if (mayHide[place] === 1 && covering[place] > leastCovering) found[row] = 1;
  return found;
}

/** (splats) mean share of the pictures that each splat weighs. */
async function sharesOf(
  rasteriser: FragmentRasteriser,
  cameras: readonly CameraParameters[],
  beforeView: (view: number) => Promise<void>,
): Promise<Float32Array> {
  const shares = new Float32Array(rasteriser.splats);
  const sums = new Float32Array(rasteriser.splats * visibilitySum.width);
  for (const [view, camera] of cameras.entries()) {
    await beforeView(view);
    sums.fill(0);
    rasteriser.accumulateVisibility(camera, sums);
    const pixels = camera.width * camera.height * cameras.length;
    for (let i = 0; i < shares.length; i++) shares[i] += sums[i * visibilitySum.width + visibilitySum.weight] / pixels;
  }
  return shares;
}

/** (splats) of those that may hide something, the part of the footprint behind which the others stand; 0 of others. */
async function coveringOf(
  { features, stride }: DrawnScene,
  mayHide: Uint8Array,
  views: readonly CameraParameters[],
  beforeView: (view: number) => Promise<void>,
): Promise<Float32Array> {
  const faint = features.slice();
  for (let i = 0; i < mayHide.length; i++) if (mayHide[i] === 1) faint[i * stride + column.opacities] = faintLogit;
  const rasteriser = new FragmentRasteriser(faint, stride);
  const [footprint, covering] = [new Float32Array(mayHide.length), new Float32Array(mayHide.length)];
  for (const [view, camera] of views.entries()) {
    await beforeView(view);
    const { splats, ends, fragments } = rasteriser.listFragments(camera, 0);
    const falloffs = new Float32Array(fragments.buffer, fragments.byteOffset, fragments.length);
    // What shines through those that hide nothing: in front of the splat at hand, and at last.
    const light = new Float32Array(camera.width * camera.height).fill(1);
    const eachFragment = (visit: (splat: number, pixel: number, alpha: number) => void): void => {
      let fragment = 0;
      for (const [rank, splat] of splats.entries()) {
        const opacity = opacityOfLogit(faint[splat * stride + column.opacities]);
        for (; fragment < ends[rank]; fragment++)
          visit(splat, fragments[2 * fragment], Math.min(LARGEST_ALPHA, opacity * falloffs[2 * fragment + 1]));
      }
    };
    const pass = (splat: number, pixel: number, alpha: number): void => {
      if (mayHide[splat] === 0) light[pixel] *= 1 - alpha;
    };
    eachFragment(pass);
    const last = light.slice();
    light.fill(1);
    eachFragment((splat, pixel, alpha) => {
      pass(splat, pixel, alpha);
      if (mayHide[splat] === 0) return;
      footprint[splat] += alpha * light[pixel];
      covering[splat] += alpha * (light[pixel] - last[pixel]);
    });
  }
  return covering.map((sum, i) => (footprint[i] > 0 ? sum / footprint[i] : 0));
}
