import type { SplatError } from '../core/errors.ts';
import type { ShDegree } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import type { PlyElement, PlyHeader, PlyScalar } from './ply-header.ts';
import { rowBytes, scalarBytes } from './ply-header.ts';
import type { SceneSource } from './source.ts';
import { empty, invalid, truncated, unsupported } from './source.ts';

/** The numbers every splat has, in the order in which `decodeFloatRows` stores them. */
export const BASE_NAMES = [
  'x',
  'y',
  'z',
  'scale_0',
  'scale_1',
  'scale_2',
  'rot_0',
  'rot_1',
  'rot_2',
  'rot_3',
  'opacity',
  'f_dc_0',
  'f_dc_1',
  'f_dc_2',
] as const;

/** The column of Mip-Splatting's smoothing filter. */
export const FILTER_NAME = 'filter_3D';

/** Where a property lies in a row. */
export interface PlyPlace {
  readonly name: string;
  readonly type: PlyScalar;
  /** Bytes from the row's beginning. */
  readonly offset: number;
  /** Place in the row, for text. */
  readonly column: number;
}

export interface PlyLayout {
  readonly vertex: PlyElement;
  readonly dataOffset: number;
  /** Bytes of a row. */
  readonly stride: number;
  readonly shDegree: ShDegree;
  /** The degree of the file, where it is beyond what scenes hold. */
  readonly degreeInFile: 4 | undefined;
  /**
   * The scene's numbers in its order: BASE_NAMES, then higher coefficients coefficient-major, rgb within. Flat splats
   * have their second size in the place of the third, those with plain colours red, green and blue in that of f_dc.
   */
  readonly places: readonly PlyPlace[];
  /** Splats have two sizes, as 2D Gaussian splatting writes them. */
  readonly isFlat: boolean;
  /** What plain colours are counted to where they stand for coefficients: 255 for bytes. */
  readonly mostColour: number | undefined;
  /** Mip-Splatting's filter, not yet fused into sizes and opacities. */
  readonly filter: PlyPlace | undefined;
  /** Everything else. */
  readonly extra: readonly PlyPlace[];
  /** Names of other elements that have rows. */
  readonly others: readonly string[];
  /** Rows of other elements before the splats and after them, for text. */
  readonly rowsBefore: number;
  readonly rowsAfter: number;
}

/** Finds and checks every property before anything is allocated. */
export function layOutPly(source: SceneSource, header: PlyHeader): PlyLayout {
  const { name } = source;
  const vertex = header.elements.find((e) => e.name === 'vertex');
  if (vertex === undefined) throw invalid(name, 'the PLY header has no element named vertex');
  const isText = header.encoding === 'ascii';
  const before = header.elements.slice(0, header.elements.indexOf(vertex));
  let dataOffset = header.byteLength;
  for (const element of isText ? [] : before) {
    if (element.count === 0) continue;
    const bytes = rowBytes(element);
    if (bytes === null)
      throw unsupported(name, `list properties of the element ${element.name} come before the splats`);
    dataOffset += bytes * element.count;
  }
  const stride = rowBytes(vertex);
  if (stride === null) throw unsupported(name, 'its vertex element has list properties');
  if (vertex.count === 0) throw empty(name);
  const found = placesOf(name, vertex);
  const { names, mostColour, ...kind } = namesOf(source, header, found);
  if (isText) checkTextSize(source, header, vertex);
  else checkSize(source, header, dataOffset, vertex.count * stride);
  const places = names.map((n) => {
    const place = found.get(n);
    if (place === undefined) throw invalid(name, `the property ${n} is missing`);
    return place;
  });
  const known = new Set<string>([...places.map((place) => place.name), FILTER_NAME]);
  const isKnown = (n: string): boolean => known.has(n) || REST_NAME.test(n);
  const rowsIn = (elements: readonly PlyElement[]): number => elements.reduce((sum, element) => sum + element.count, 0);
  return {
    vertex,
    dataOffset,
    stride,
    ...kind,
    places,
    mostColour,
    filter: found.get(FILTER_NAME),
    extra: [...found.values()].filter((place) => !isKnown(place.name)),
    others: otherElements(header, vertex),
    rowsBefore: rowsIn(before),
    rowsAfter: rowsIn(header.elements.slice(before.length + 1)),
  };
}

/** Names of other elements that have rows, as many and as long as a sentence bears. */
function otherElements(header: PlyHeader, vertex: PlyElement): string[] {
  const others = header.elements.filter((element) => element !== vertex && element.count > 0);
  return others.slice(0, 20).map(({ name }) => name.slice(0, 100));
}

/** What CloudCompare puts before the names of all columns but x, y, z and normals. */
const CLOUD_COMPARE = /^scalar_(?=(scale_|rot_|opacity$|f_dc_|f_rest_|filter_3D$))/;

const REST_NAME = /^f_rest_\d+$/;
/** Higher coefficients of a file by its degree, from 0. */
const REST_COUNTS: readonly number[] = [0, 9, 24, 45, 72];
const COLOUR_NAMES = ['red', 'green', 'blue'];
/** What a colour of a number type is counted to; others have no range of their own. */
const MOST_COLOURS: Partial<Record<PlyScalar, number>> = { uchar: 255, ushort: 65535, float: 1, double: 1 };

/** The properties of a row by their names in INRIA's spelling. */
function placesOf(name: string, vertex: PlyElement): Map<string, PlyPlace> {
  const found = new Map<string, PlyPlace>();
  let offset = 0;
  for (const [column, property] of vertex.properties.entries()) {
    const type = property.type as PlyScalar;
    const plain = property.name.replace(CLOUD_COMPARE, '');
    if (found.has(plain)) throw invalid(name, `the property ${plain} appears twice`);
    found.set(plain, { name: plain, type, offset, column });
    offset += scalarBytes(type);
  }
  return found;
}

function namesOf({ name }: SceneSource, header: PlyHeader, found: ReadonlyMap<string, PlyPlace>) {
  const isFlat = found.has('scale_0') && found.has('scale_1') && !found.has('scale_2');
  const mostColour = mostColourOf(found);
  const base = BASE_NAMES.map((n) => {
    if (isFlat && n === 'scale_2') return 'scale_1';
    return mostColour !== undefined && n.startsWith('f_dc_') ? COLOUR_NAMES[Number(n.at(-1))] : n;
  });
  const missing = base.filter((n) => !found.has(n));
  if (missing.length > 0) throw notSplats(name, header, found, missing);
  const restCount = [...found.keys()].filter((n) => REST_NAME.test(n)).length;
  const degree = REST_COUNTS.indexOf(restCount);
  if (degree === -1)
    throw unsupported(
      name,
      `${restCount} f_rest properties fit no spherical harmonics degree from 0 to 4 (0, 9, 24, 45 or 72)`,
    );
  const degreeInFile: 4 | undefined = degree === 4 ? 4 : undefined;
  const shDegree = Math.min(3, degree) as ShDegree;
  const names: string[] = [...base];
  for (let k = 0; k < shRestCount(shDegree); k++)
    for (let c = 0; c < 3; c++) names.push(`f_rest_${(c * restCount) / 3 + k}`);
  return { names, shDegree, degreeInFile, isFlat, mostColour };
}

/** Plain colours stand for coefficients where these are absent, as nerfstudio writes them when it is asked to. */
function mostColourOf(found: ReadonlyMap<string, PlyPlace>): number | undefined {
  if (found.has('f_dc_0')) return undefined;
  const most = COLOUR_NAMES.map((n) => MOST_COLOURS[found.get(n)?.type ?? 'int']);
  return most.every((value) => value === most[0]) ? most[0] : undefined;
}

/** What a PLY without splats is, and what to do about it. */
function notSplats(
  name: string,
  header: PlyHeader,
  found: ReadonlyMap<string, PlyPlace>,
  missing: readonly string[],
): SplatError {
  const faces = header.elements.find(({ name }) => name === 'face' || name === 'tristrips');
  const advice = 'Open the result of training Gaussian splats instead.';
  if (found.has('f_anchor_feat_0'))
    return unsupported(
      name,
      'it holds anchors of Scaffold-GS, of which only the networks that were trained with them make splats',
      'Train without anchors, or let that program write its splats.',
    );
  if (faces !== undefined && faces.count > 0)
    return unsupported(name, 'it is a mesh of triangles, and holds no splats', advice);
  if (!found.has('scale_0') && !found.has('rot_0'))
    return unsupported(name, 'it is a point cloud, and its points have no size and no rotation', advice);
  return invalid(name, `its splats lack the properties ${missing.join(', ')}`);
}

/** In text every number takes a digit and a space or line end at least, the last one maybe without. */
function checkTextSize(source: SceneSource, header: PlyHeader, vertex: PlyElement): void {
  const least = 2 * vertex.count * vertex.properties.length - 1;
  const available = source.size - header.byteLength;
  if (available < least)
    throw truncated(source.name, `${vertex.count} splats as text take ${least} bytes at least, ${available} are there`);
}

/** A header that counts more rows than there are bytes, or fewer, is not believed. */
export function checkSize(source: SceneSource, header: PlyHeader, dataOffset: number, vertexBytes: number): void {
  const available = source.size - dataOffset;
  if (available < vertexBytes)
    throw truncated(
      source.name,
      `its header promises ${vertexBytes} bytes of splats, ${Math.max(0, available)} are there`,
    );
  let expected: number | null = header.byteLength;
  for (const element of header.elements) {
    const bytes = rowBytes(element);
    expected = bytes === null || expected === null ? null : expected + bytes * element.count;
  }
  if (expected !== null && source.size < expected)
    throw truncated(source.name, `its header promises ${expected} bytes, ${source.size} are there`);
  const stray = expected === null ? 0 : source.size - expected;
  // A few stray bytes (a final newline, padding) harm nobody; whole rows more than counted mean a wrong count.
  if (stray > 64) throw invalid(source.name, `it holds ${stray} bytes more than its header accounts for`);
}
