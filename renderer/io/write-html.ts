import type { ExperienceSettings } from '@playcanvas/splat-transform/viewer-settings';
import { sceneBody } from '../core/body.ts';
import { SplatError } from '../core/errors.ts';
import type { Viewpoint } from '../core/camera-file.ts';
import { keepRows } from '../core/keep-rows.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { UpAxis } from '../core/up-axes.ts';
import { UP_DIRECTIONS } from '../core/up-axes.ts';
import type { Vec3 } from '../core/vector.ts';
import { add, scale } from '../core/vector.ts';
import type { EncodeOptions } from './encode-options.ts';
import { htmlCommentLine, htmlText } from './file-comment.ts';
import { loadLibrary, toTable } from './library.ts';
import { fileOf } from './library-files.ts';
import { standingPoint } from './stand-up.ts';
import { encodeSog, SOG_ITERATIONS, withoutHarmonics } from './write-sog.ts';

/** The viewer measures its field of view along the longer side; a vertical one is meant for screens of this shape. */
const ASPECT = 16 / 9;
/** Distance of a start view that nobody chose, in radii of nine tenths of the splats, and how far it is lifted. */
const START_RADII = 2.5;
const START_LIFT = 0.35;
const START_FOV_Y_DEGREES = 50;
/** Of the head of the library's page, its title and its first line. */
const HEAD_BYTES = 1024;

const LICENCE = `The viewer in this page is SuperSplat Viewer with the PlayCanvas Engine, used unchanged.
Copyright (c) 2011-2026 PlayCanvas Ltd. MIT License:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/**
 * The scene as a web page with the library's viewer and a SOG in it, which needs nothing else.
 * @param scene -y up, see `standUp`
 * @param up the axis that was up when the views were made
 */
export async function encodeHtml(
  scene: SplatScene,
  up: UpAxis,
  { stem, comment, views }: Pick<EncodeOptions, 'comment' | 'views'> & { readonly stem: string },
): Promise<Uint8Array> {
  const lib = await loadLibrary();
  const files = new lib.MemoryFileSystem();
  await lib.writeHtml(
    {
      filename: 'out.html',
      // Any scene will do: the library's own way to a SOG takes too long, see `withHarmonics`.
      dataTable: toTable(lib, withoutHarmonics(keepRows(scene, onlyFirst(scene.count))), lib.Transform.PLY),
      viewerSettingsJson: await settingsOf(scene, up, views),
      bundle: true,
      iterations: SOG_ITERATIONS,
    },
    files,
  );
  return withWords(withContent(fileOf(files, 'out.html'), await encodeSog(scene)), stem, comment);
}

function onlyFirst(count: number): Uint8Array {
  const mask = new Uint8Array(count);
  mask[0] = 1;
  return mask;
}

const CONTENT_START = '"contentUrl":"data:application/octet-stream;base64,';

/** The page with another SOG in it. */
function withContent(page: Uint8Array, sog: Uint8Array): Uint8Array {
  const text = new TextDecoder('latin1').decode(page);
  const from = text.indexOf(CONTENT_START) + CONTENT_START.length;
  const to = text.indexOf('"', from);
  if (from < CONTENT_START.length || to < 0)
    throw new SplatError('invalid-file', 'The page of the library has no place for a scene.');
  return concatenated([page.subarray(0, from), base64Of(sog), page.subarray(to)]);
}

/** Bytes that Base64 makes four letters of, in pieces that are turned at once. */
const PIECE_BYTES = 3 * 8192;

function base64Of(bytes: Uint8Array): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    parts.push(encoder.encode(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES)))));
  return concatenated(parts);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function settingsOf(scene: SplatScene, up: UpAxis, views: EncodeOptions['views']): Promise<ExperienceSettings> {
  const { defaultSettings } = await import('@playcanvas/splat-transform/viewer-settings');
  const pose = ({ position, target, fovYDegrees }: Omit<Viewpoint, 'up' | 'rollDegrees'>) => ({
    position: mutable(inViewer(position, up)),
    target: mutable(inViewer(target, up)),
    fov: alongWidth(fovYDegrees),
  });
  const annotations = (views?.bookmarks ?? []).map((bookmark) => ({
    position: mutable(inViewer(bookmark.target, up)),
    title: bookmark.name,
    text: '',
    camera: { initial: pose(bookmark) },
  }));
  const start = views?.start;
  return {
    ...defaultSettings('object'),
    tonemapping: 'none',
    cameras: [{ initial: start === undefined ? startPose(scene) : pose(start) }],
    annotations,
  };
}

/** A view of the whole scene from the front, a little from above. @param scene -y up */
function startPose(scene: SplatScene) {
  const { centre, wideRadius } = sceneBody(scene) ?? { centre: [0, 0, 0] as const, wideRadius: 1 };
  const distance = START_RADII * (wideRadius || 1);
  const position = add(add(centre, [0, 0, -distance]), scale(UP_DIRECTIONS['-y'], START_LIFT * distance));
  const [from, to] = [inViewer(position, '-y'), inViewer(centre, '-y')];
  return { position: mutable(from), target: mutable(to), fov: alongWidth(START_FOV_Y_DEGREES) };
}

/** The viewer turns its scene by half a turn about z, so that y is up. */
function inViewer(point: Vec3, up: UpAxis): Vec3 {
  const [x, y, z] = standingPoint(point, up, '-y');
  return [-x, -y, z];
}

function mutable([x, y, z]: Vec3): [number, number, number] {
  return [x, y, z];
}

function alongWidth(fovYDegrees: number): number {
  const half = Math.tan((fovYDegrees * Math.PI) / 360);
  return (Math.atan(half * ASPECT) * 360) / Math.PI;
}

/** The library's page with the licence of its viewer, a title of its own, and a comment as its last line. */
function withWords(page: Uint8Array, title: string, comment: string | undefined): Uint8Array {
  const head = new TextDecoder('latin1').decode(page.subarray(0, HEAD_BYTES));
  const from = head.indexOf('<title>');
  const to = head.indexOf('</title>');
  const [firstLine, ...rest] = head.slice(0, from).split('\n');
  const start = `${firstLine}\n<!--\n${LICENCE}\n-->\n${rest.join('\n')}<title>${htmlText(title)}`;
  const end = comment === undefined ? '' : htmlCommentLine(comment);
  const encoder = new TextEncoder();
  return concatenated([encoder.encode(start), page.subarray(to), encoder.encode(end)]);
}
