import { concatenateScenes } from '../core/concatenate-scenes.ts';
import { logitOfOpacity } from '../core/drawable.ts';
import { SplatError, throwIfAborted } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import { originFor } from '../core/origin.ts';
import { quaternionOfRotation, rotationMatrix } from '../core/quaternion.ts';
import type { FileStage } from '../core/stages.ts';
import type { ShDegree, SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import { createScene, SH_C0, shRestCount } from '../core/splat-scene.ts';
import type { Vec3 } from '../core/vector.ts';
import { cross, dot, norm, subtract, vec3 } from '../core/vector.ts';
import type { GltfNode, GltfPrimitive } from './gltf-file.ts';
import { GltfFile } from './gltf-file.ts';
import { loadLibrary, transformScene } from './library.ts';
import type { SceneSource } from './source.ts';
import { empty, invalid, sourceFromBytes, unsupported } from './source.ts';

const SPLATS = 'KHR_gaussian_splatting';
/** Drafts of one extension, within that of the splats or in its place: they are an SPZ file in a buffer view. */
const SPZ_EXTENSIONS = [
  `${SPLATS}_compression_spz_2`,
  `${SPLATS}_compression_spz`,
  'KHR_spz_gaussian_splats_compression',
];
const KNOWN_EXTENSIONS = [SPLATS, ...SPZ_EXTENSIONS, 'KHR_mesh_quantization'];
/** The colour space of linear light; others are those of screens, as training on photos gives them. */
const LINEAR = 'lin_rec709_display';
/** Coefficients of each degree of harmonics. */
const OF_DEGREE = [1, 3, 5, 7];
/** Splats that a file may describe: nodes that show one mesh again and again cost a few bytes each. */
const MOST_SPLATS = 50e6;
/** How far a node's matrix may be from turning and scaling alike in all directions. */
const SHEAR = 1e-3;

/** Where a node puts its splats: turned, scaled alike in all directions, moved. */
interface Placement {
  readonly translation: Vec3;
  /** x, y, z, w */
  readonly rotation: readonly [number, number, number, number];
  readonly scale: number;
}

/** Reads the SPZ file that some glTF files hold. */
export type ReadSpz = (source: SceneSource) => Promise<SplatScene>;

/**
 * Reads the splats of a glTF 2.0 file (the Khronos extension KHR_gaussian_splatting): all primitives of the
 * scene that the file shows first, where their nodes put them. Meshes beside them are left out. Scales and opacities
 * lie there as they are, not as logarithms and logits; quaternions begin with x; +y is up.
 * @throws SplatError `unknown-format` for a model without splats, and as `readScene`
 */
export async function readGltf(
  source: SceneSource,
  readSpz: ReadSpz,
  options: JobOptions<FileStage>,
): Promise<SplatScene> {
  const file = await GltfFile.open(source);
  const strange = file.gltf.extensionsRequired.find((name) => !KNOWN_EXTENSIONS.includes(name));
  const meta: SplatSceneMeta = { antialiased: false, up: 'y', format: 'gltf', name: source.name };
  const pieces: SplatScene[] = [];
  const primitives = splatPrimitives(file);
  const anchor = anchorOf(primitives);
  const described = primitives.reduce((sum, { primitive }) => sum + countOf(file, primitive), 0);
  if (described > MOST_SPLATS) throw unsupported(source.name, `its nodes show ${described} splats`);
  for (const { primitive, matrix } of primitives) {
    throwIfAborted(options.signal, `Opening ${source.name}`);
    if (strange !== undefined) throw unsupported(source.name, `it needs the glTF extension ${strange}`);
    const piece = await readPrimitive(file, primitive, readSpz, meta);
    const { translation, ...turn } = placementOf(matrix, source.name);
    pieces.push(await placed(piece, { ...turn, translation: subtract(translation, anchor) }));
  }
  if (pieces.length === 0)
    throw new SplatError(
      'unknown-format',
      `${source.name} is no splat scene but a glTF model.`,
      'Open what training Gaussian splats gave: .ply, .splat, .ksplat, .spz or .sog, or a glTF file with splats in it.',
    );
  const scene = concatenateScenes(pieces);
  if (scene.count === 0) throw empty(source.name);
  const hasMeshes = file.gltf.meshes.some((mesh) => mesh.primitives.some((primitive) => !isOfSplats(primitive)));
  return countedFrom(hasMeshes ? { ...scene, meta: { ...scene.meta, beside: ['meshes'] } } : scene, anchor);
}

function isOfSplats(primitive: GltfPrimitive): boolean {
  return SPLATS in primitive.extensions || spzView(primitive) !== undefined;
}

/** Where the first splats are put, so that what lies far from zero is not rounded while it is put together. */
function anchorOf(primitives: readonly PlacedPrimitive[]): Vec3 {
  const matrix = primitives.at(0)?.matrix ?? IDENTITY;
  return [matrix[12], matrix[13], matrix[14]];
}

/** The scene with its positions in the world, or about the anchor where the world would round them. */
function countedFrom(scene: SplatScene, anchor: Vec3): SplatScene {
  if (norm(anchor) === 0) return scene;
  const world = Float64Array.from(scene.positions, (value, at) => value + anchor[at % 3]);
  return originFor(world) === undefined
    ? { ...scene, positions: Float32Array.from(world) }
    : { ...scene, meta: { ...scene.meta, origin: anchor } };
}

interface PlacedPrimitive {
  readonly primitive: GltfPrimitive;
  /** (16) column-major, of the node in the world. */
  readonly matrix: readonly number[];
}

/** The primitives of splats in the scene that is shown, each as often as nodes show it. */
function splatPrimitives({ gltf, name }: GltfFile): PlacedPrimitive[] {
  const found: PlacedPrimitive[] = [];
  const seen = new Set<number>();
  const visit = (at: number, parent: readonly number[]): void => {
    const node = gltf.nodes[at];
    if (node === undefined) throw invalid(name, `it has no node ${at}`);
    if (seen.has(at)) throw invalid(name, `node ${at} is the child of two others or of itself`);
    seen.add(at);
    const matrix = multiplied(parent, localMatrix(node));
    for (const primitive of node.mesh === undefined ? [] : (gltf.meshes[node.mesh]?.primitives ?? []))
      if (isOfSplats(primitive)) found.push({ primitive, matrix });
    for (const child of node.children) visit(child, matrix);
  };
  const shown = gltf.scenes[gltf.scene ?? 0];
  const children = new Set(gltf.nodes.flatMap((node) => node.children));
  const roots = shown?.nodes ?? gltf.nodes.map((_, at) => at).filter((at) => !children.has(at));
  for (const root of roots) visit(root, IDENTITY);
  return found;
}

/** Splats of a primitive as its positions count them; packed ones are bounded by their own reader. */
function countOf({ gltf }: GltfFile, { attributes }: GltfPrimitive): number {
  return gltf.accessors[attributes['POSITION']]?.count ?? 0;
}

async function readPrimitive(
  file: GltfFile,
  primitive: GltfPrimitive,
  readSpz: ReadSpz,
  meta: SplatSceneMeta,
): Promise<SplatScene> {
  const { attributes, extensions } = primitive;
  const packed = spzView(primitive);
  if (packed !== undefined) {
    const scene = await readSpz(sourceFromBytes(file.name, (await file.viewBytes(packed)).slice()));
    const { antialiased, degreeInFile } = scene.meta;
    return { ...scene, meta: { ...meta, antialiased, ...(degreeInFile === undefined ? {} : { degreeInFile }) } };
  }
  if (attributes['_SCALE'] !== undefined)
    throw unsupported(
      file.name,
      'its splats are written as an early draft of KHR_gaussian_splatting had them (_SCALE)',
    );
  const at = (name: string): number => {
    const accessor = attributes[name === 'POSITION' ? name : `${SPLATS}:${name}`];
    if (accessor === undefined) throw invalid(file.name, `its splats have no ${name.toLowerCase()}`);
    return accessor;
  };
  const positions = await file.numbers(at('POSITION'), 3);
  const count = positions.length / 3;
  const degree = degreeOf(attributes);
  const scene = createScene(count, degree, meta);
  scene.positions.set(positions);
  scene.logScales.set((await file.numbers(at('SCALE'), 3, count)).map(Math.log));
  const quats = await file.numbers(at('ROTATION'), 4, count);
  for (let i = 0; i < quats.length; i += 4) scene.quats.set([quats[i + 3], quats[i], quats[i + 1], quats[i + 2]], i);
  const opacities = await file.numbers(at('OPACITY'), 1, count);
  scene.logitOpacities.set(opacities.map(logitOfOpacity));
  scene.shDc.set(await file.numbers(at('SH_DEGREE_0_COEF_0'), 3, count));
  const stride = 3 * shRestCount(degree);
  for (let of = 1, to = 0; of <= degree; of++)
    for (let coefficient = 0; coefficient < OF_DEGREE[of]; coefficient++, to += 3) {
      const values = await file.numbers(at(`SH_DEGREE_${of}_COEF_${coefficient}`), 3, count);
      for (let row = 0; row < count; row++)
        for (let k = 0; k < 3; k++) scene.shRest[row * stride + to + k] = values[3 * row + k];
    }
  if ((extensions[SPLATS] as { readonly colorSpace?: unknown }).colorSpace === LINEAR) fromLinear(scene);
  return scene;
}

type Extensions = Readonly<Record<string, unknown>>;

/** The buffer view that holds an SPZ file, where the splats are packed so. */
function spzView({ extensions }: GltfPrimitive): number | undefined {
  const inner = (extensions[SPLATS] as { readonly extensions?: Extensions } | null | undefined)?.extensions ?? {};
  for (const name of SPZ_EXTENSIONS) {
    const view = ((inner[name] ?? extensions[name]) as { readonly bufferView?: unknown } | null | undefined)
      ?.bufferView;
    if (typeof view === 'number') return view;
  }
  return undefined;
}

/** Makes colours of linear light those of screens, in place; harmonics by the slope at each splat's own colour. */
function fromLinear({ shDc, shRest, shDegree }: SplatScene): void {
  const stride = 3 * shRestCount(shDegree);
  for (let at = 0; at < shDc.length; at++) {
    const linear = Math.max(0, 0.5 + SH_C0 * shDc[at]);
    shDc[at] = (screenOf(linear) - 0.5) / SH_C0;
    const slope = (screenOf(linear + SLOPE_STEP) - screenOf(linear)) / SLOPE_STEP;
    const first = Math.floor(at / 3) * stride + (at % 3);
    for (let k = first; k < first - (at % 3) + stride; k += 3) shRest[k] *= slope;
  }
}

const SLOPE_STEP = 1e-3;

/** The sRGB transfer function. */
function screenOf(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** The highest degree of which all coefficients are there. */
function degreeOf(attributes: GltfPrimitive['attributes']): ShDegree {
  const has = (degree: number): boolean =>
    Array.from({ length: OF_DEGREE[degree] }, (_, k) => `${SPLATS}:SH_DEGREE_${degree}_COEF_${k}`).every(
      (name) => name in attributes,
    );
  let highest: ShDegree = 0;
  for (const degree of [1, 2, 3] as const) {
    if (!has(degree)) break;
    highest = degree;
  }
  return highest;
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;

/** (16) column-major. */
function localMatrix({ matrix, translation = [0, 0, 0], rotation = [0, 0, 0, 1], scale = [1, 1, 1] }: GltfNode) {
  if (matrix !== undefined) return matrix;
  const [x, y, z, w] = rotation;
  const turn = rotationMatrix([w, x, y, z]);
  const columns = [0, 1, 2].flatMap((k) => [turn[k] * scale[k], turn[3 + k] * scale[k], turn[6 + k] * scale[k], 0]);
  return [...columns, ...translation, 1];
}

function multiplied(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, at) =>
    [0, 1, 2, 3].reduce((sum, k) => sum + a[(at % 4) + 4 * k] * b[k + 4 * Math.floor(at / 4)], 0),
  );
}

/** @throws SplatError `unsupported-feature` where a matrix stretches, shears or mirrors, as splats can't */
function placementOf(m: readonly number[], name: string): Placement {
  const [a, b, c] = [0, 4, 8].map((from) => vec3((k) => m[from + k]));
  const scale = Math.cbrt(dot(a, cross(b, c)));
  const isEven = [a, b, c].every((axis) => Math.abs(norm(axis) / scale - 1) < SHEAR);
  const isRight = [dot(a, b), dot(b, c), dot(a, c)].every((product) => Math.abs(product) < SHEAR * scale * scale);
  if (!(scale > 0) || !isEven || !isRight)
    throw unsupported(
      name,
      'a node stretches, shears or mirrors its splats',
      'Apply the transform in the program that wrote the file, and export again.',
    );
  const rows = [0, 1, 2].flatMap((k) => [a[k] / scale, b[k] / scale, c[k] / scale]);
  const [w, x, y, z] = quaternionOfRotation(rows);
  return { translation: [m[12], m[13], m[14]], rotation: [x, y, z, w], scale };
}

/** Puts splats where a node has them, by the library, which turns harmonics too. */
async function placed(scene: SplatScene, { translation, rotation, scale }: Placement): Promise<SplatScene> {
  const lib = await loadLibrary();
  const transform = new lib.Transform();
  transform.translation.set(...translation);
  transform.rotation.set(...rotation);
  transform.scale = scale;
  if (scene.count === 0 || transform.isIdentity()) return scene;
  return transformScene(lib, scene, transform);
}
