import { isDrawable } from '../core/drawable.ts';
import { shRestCount, type SplatScene } from '../core/splat-scene.ts';
import { KERNELS } from './kernels/pack-kernels.ts';
import { shaderConstant, shaders } from './shaders.ts';

/** Words of one vec4u: all planes are made of them. */
export const VECTOR_WORDS = 4;
const VECTOR_BYTES = 4 * VECTOR_WORDS;
/** What vectors of four numbers are aligned to in the kernels' memory, and read beyond the end of an array at most. */
const ALIGNMENT = 16;
const PAGE = 65536;

/** What pack.kernel.ts exports. */
type Kernels = {
  readonly memory: WebAssembly.Memory;
  readonly firstFreeByte: () => number;
  readonly packSplats: (...numbers: number[]) => void;
  readonly packHarmonics: (...numbers: number[]) => void;
} & Readonly<Record<keyof typeof NUMBERS, WebAssembly.Global>>;

const constant = (name: string): number => shaderConstant(shaders.project.code, name);
const [steps, coarse] = [constant('SCALE_STEPS'), constant('COARSE_STEPS')];
const [lowest, fine] = [-constant('LOWEST_LOG_SCALE'), -constant('FINE_LOG_SCALE')];
/** What the kernels are told of the shaders. */
const NUMBERS = {
  opacityCodes: constant('OPACITY_CODES'),
  scaleSteps: steps,
  coarseSteps: coarse,
  lowestLogScale: lowest,
  fineLogScale: fine,
  coarseStepsAUnit: coarse / (fine - lowest),
  fineStepsAUnit: (steps - coarse) / (constant('HIGHEST_LOG_SCALE') - fine),
  scaleBase: constant('SCALE_BASE') * 8,
} as const;

let instance: Kernels | undefined;

/** The kernels, compiled when they are first asked for. */
function kernels(): Kernels {
  if (instance !== undefined) return instance;
  const module = new WebAssembly.Module(Uint8Array.from(atob(KERNELS), (letter) => letter.charCodeAt(0)));
  instance = new WebAssembly.Instance(module).exports as unknown as Kernels;
  for (const [name, value] of Object.entries(NUMBERS)) instance[name as keyof typeof NUMBERS].value = value;
  return instance;
}

/**
 * Packs splats as shaders/common/splat.wgsl reads them, plane after plane of `length` vectors each: places and
 * opacities, then all else but the harmonics above degree 0.
 * @param first index in the scene of the first splat
 * @param planes 1 or 2 of them
 * @returns memory that the next packing writes over
 */
export function packSplats(scene: SplatScene, first: number, length: number, planes: 1 | 2): Uint32Array<ArrayBuffer> {
  const { positions, logitOpacities, quats, shDc, logScales } = scene;
  const drawn = new Uint8Array(length);
  // One that can't be drawn becomes an invisible one: shaders may assume that numbers are finite.
  for (let i = 0; i < length; i++) if (isDrawable(scene, first + i)) drawn[i] = 1;
  const rows = (numbers: Float32Array, width: number): Float32Array =>
    numbers.subarray(first * width, (first + length) * width);
  const inputs = [
    drawn,
    rows(positions, 3),
    rows(logitOpacities, 1),
    rows(quats, 4),
    rows(shDc, 3),
    rows(logScales, 3),
  ];
  const { places, out } = put(inputs, planes * length * VECTOR_BYTES);
  kernels().packSplats(length, ...places, planes - 1, out);
  return new Uint32Array(kernels().memory.buffer, out, planes * length * VECTOR_WORDS);
}

/**
 * Packs the harmonics above degree 0 as shaders/common/spherical-harmonics.wgsl reads them: a plane of `length` vectors
 * for each degree, one after the other. Bytes that nothing reads hold anything.
 * @param first index in the scene of the first splat
 * @returns memory that the next packing writes over
 */
export function packHarmonics(
  { shDegree, shRest }: SplatScene,
  first: number,
  length: number,
): Uint32Array<ArrayBuffer> {
  const width = 3 * shRestCount(shDegree);
  const input = shRest.subarray(first * width, (first + length) * width);
  const { places, out } = put([input], shDegree * length * VECTOR_BYTES);
  kernels().packHarmonics(length, shDegree, ...places, out);
  return new Uint32Array(kernels().memory.buffer, out, shDegree * length * VECTOR_WORDS);
}

/** Puts arrays into the kernels' memory, and makes room for so many bytes behind them: where all of these begin. */
function put(
  inputs: readonly (Uint8Array | Float32Array)[],
  outBytes: number,
): { readonly places: readonly number[]; readonly out: number } {
  const { memory, firstFreeByte } = kernels();
  let end = aligned(firstFreeByte());
  const places = inputs.map(({ byteLength }) => {
    const place = end;
    end = aligned(end + byteLength) + ALIGNMENT;
    return place;
  });
  const pages = Math.ceil((end + outBytes) / PAGE) - memory.buffer.byteLength / PAGE;
  if (pages > 0) memory.grow(pages);
  inputs.forEach(({ buffer, byteOffset, byteLength }, i) =>
    new Uint8Array(memory.buffer, places[i], byteLength).set(new Uint8Array(buffer, byteOffset, byteLength)),
  );
  return { places, out: end };
}

function aligned(byte: number): number {
  return Math.ceil(byte / ALIGNMENT) * ALIGNMENT;
}
