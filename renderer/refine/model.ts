import { SplatError } from '../core/errors.ts';
import { splatWidth } from './attributes.ts';
import type { TensorTable } from './checkpoint.ts';
import { readCheckpoint } from './checkpoint.ts';
import { LayerReader } from './layers.ts';
import type { RefineManifest, Sidecar } from './manifest.ts';
import { manifestSchema, parseSidecar, publishedChannels, publishedSidecar } from './manifest.ts';
import type { NetworkFiles } from './network.ts';
import { buildNetwork } from './network.ts';
import { CHECKPOINT_MS, timeCheck } from './time-limit.ts';
import type { TimeCheck } from './time-limit.ts';
import { visibilityWidth } from './visibility.ts';

/** A model ready to run: plain data, so it can be posted between threads. */
export interface RefineModel extends NetworkFiles {
  readonly manifest: RefineManifest;
}

/** Memory that the largest pass may take when a model does not say how many splats suit it. */
const passBytes = 2 * 1024 ** 3;

/**
 * Makes a model of a PyTorch checkpoint.
 * @param checkpoint bytes of the `.pth` file (state dict, published names)
 * @param sidecar parsed content of the `NAME.json` beside it, or null; only the published widths can do without
 * @param name name for people, used when the sidecar has none Throws `model-invalid` naming what is missing or does not
 * fit, or that it takes longer than any network.
 */
export function loadModel(
  checkpoint: Uint8Array,
  sidecar: unknown,
  name: string,
  check: TimeCheck = timeCheck(name, CHECKPOINT_MS.load),
): RefineModel {
  return named(() => modelFromTensors(readCheckpoint(checkpoint, check), sidecar, name));
}

/**
 * What a checkpoint is, from its shapes and description alone: no number is decoded, so it is quick at any size. Throws
 * as `loadModel`.
 */
export function describeCheckpoint(checkpoint: Uint8Array, sidecar: unknown, name: string): RefineManifest {
  const check = timeCheck(name, CHECKPOINT_MS.describe);
  return named(() =>
    describe(readCheckpoint(checkpoint, check), sidecar === null ? null : parseSidecar(sidecar), name),
  );
}

/** Gives what a damaged checkpoint makes fail in a foreign way its name. Throws `model-invalid`. */
function named<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof SplatError) throw error;
    throw new SplatError(
      'model-invalid',
      'The checkpoint is damaged: its tensors do not make a network.',
      'Get the file anew, or choose another .pth file of SplatFormer or AnchorSplat.',
      { cause: error },
    );
  }
}

/** `loadModel` after the file format: from tensors by state-dict name. */
export function modelFromTensors(tensors: TensorTable, sidecar: unknown, name: string): RefineModel {
  const manifest = describe(tensors, sidecar === null ? null : parseSidecar(sidecar), name);
  const layers = new LayerReader(tensors);
  const network = buildNetwork(manifest, layers);
  layers.finish();
  return { manifest, ...network };
}

const FITTING_PAIR = 'Choose a checkpoint of SplatFormer or AnchorSplat, with the description file that belongs to it.';

function mismatch(message: string, advice: string = FITTING_PAIR): SplatError {
  return new SplatError('model-invalid', message, advice);
}

function shapeOf(tensors: TensorTable, name: string, rank: number): readonly number[] {
  const notANetwork = 'The checkpoint is not a SplatFormer network:';
  const tensor = tensors.get(name);
  if (tensor === undefined)
    throw mismatch(`${notANetwork} ${name} is missing.`, 'Choose a checkpoint of SplatFormer or AnchorSplat.');
  if (tensor.shape.length !== rank)
    throw mismatch(`${notANetwork} ${name} has ${tensor.shape.length} dimensions where ${rank} are needed.`);
  return tensor.shape;
}

/** Far beyond any network's stages, or blocks of a stage: the published ones have 5 and 6. */
const MOST_LAYERS = 64;

/** Number of consecutive indices i for which some tensor's name starts with `prefix(i)`. */
function countPrefixes(names: readonly string[], prefix: (i: number) => string): number {
  for (let n = 0; n < MOST_LAYERS; n++) {
    const start = prefix(n);
    if (!names.some((name) => name.startsWith(start))) return n;
  }
  throw mismatch(`The checkpoint is not a SplatFormer network: it has more than ${MOST_LAYERS} layers of a kind.`);
}

/** What names and shapes of tensors tell of a network. */
interface CheckpointShape extends Pick<Sidecar, 'kind' | 'encoderDepths' | 'decoderDepths'> {
  readonly inputs: number;
  readonly copies: number;
  readonly encoderChannels: number[];
  readonly decoderChannels: number[];
}

/** Finds widths and depths from names and shapes. */
function shapeOfCheckpoint(tensors: TensorTable): CheckpointShape {
  const names = [...tensors.keys()];
  const trunk = 'backbone.backbone.';
  const [embedded, inputs] = shapeOf(tensors, `${trunk}embedding.0.weight`, 2);
  const stages = countPrefixes(names, (s) => `${trunk}enc.enc${s}.`);
  const decoders = countPrefixes(names, (s) => `${trunk}dec.dec${s}.`);
  if (stages < 2 || decoders !== stages - 1)
    throw mismatch(
      `The checkpoint has ${stages} encoder and ${decoders} decoder stages; ` +
        'the decoder needs one fewer than the encoder, at least one.',
    );
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const width = (name: string) => shapeOf(tensors, `${trunk}${name}.weight`, 2)[0];
  const isAnchor = tensors.has('point_embeddings.means');
  return {
    kind: isAnchor ? 'anchorsplat' : 'splatformer',
    inputs,
    copies: isAnchor ? shapeOf(tensors, 'point_embeddings.means', 2)[0] : 1,
    encoderChannels: [embedded, ...range(stages - 1).map((s) => width(`enc.enc${s + 1}.down.proj`))],
    decoderChannels: range(decoders).map((s) => width(`dec.dec${s}.up.proj.0`)),
    encoderDepths: range(stages).map((s) => countPrefixes(names, (i) => `${trunk}enc.enc${s}.block${i}.`)),
    decoderDepths: range(decoders).map((s) => countPrefixes(names, (i) => `${trunk}dec.dec${s}.block${i}.`)),
  };
}

/** Finds the spherical-harmonics degree from the number of input columns. */
function shDegreeOf(inputs: number, sight: boolean): Sidecar['shDegree'] {
  const visibility = sight ? visibilityWidth : 0;
  const shDegree = ([0, 1, 2, 3] as const).find((degree) => splatWidth(degree) + visibility === inputs);
  if (shDegree === undefined)
    throw mismatch(
      `The checkpoint takes ${inputs} numbers a splat; SH degrees 0 to 3 have 14, 23, 38 and 59, and ` +
        `${visibilityWidth} more with what is seen of the splats ("sight" in the description file).`,
    );
  return shDegree;
}

/** Throws `model-invalid` where a description does not fit the checkpoint. */
function requireFit(sidecar: Sidecar, shape: CheckpointShape, shDegree: Sidecar['shDegree']): void {
  const found = { ...shape, shDegree };
  for (const key of ['kind', 'shDegree', 'encoderDepths', 'decoderDepths'] as const) {
    if (String(sidecar[key]) !== String(found[key]))
      throw mismatch(
        `The description file says ${key} ${String(sidecar[key])}, the checkpoint has ${String(found[key])}.`,
        'Use the description file that belongs to this checkpoint.',
      );
  }
  const { encoderChannels, decoderChannels } = shape;
  const lists: readonly [string, number, number][] = [
    ['encoderHeads', sidecar.encoderHeads.length, encoderChannels.length],
    ['decoderHeads', sidecar.decoderHeads.length, decoderChannels.length],
    ['strides', sidecar.strides.length, decoderChannels.length],
  ];
  for (const [key, actual, needed] of lists)
    if (actual !== needed)
      throw mismatch(`The description file lists ${actual} ${key}, the checkpoint needs ${needed}.`);
  for (const [channels, heads] of [
    ...encoderChannels.map((c, i) => [c, sidecar.encoderHeads[i]]),
    ...decoderChannels.map((c, i) => [c, sidecar.decoderHeads[i]]),
  ]) {
    if (channels % heads !== 0)
      throw mismatch(
        `The description file gives ${heads} heads to a stage of ${channels} channels, which do not divide.`,
      );
  }
  if (shape.kind === 'anchorsplat' && sidecar.anchorOffset === undefined)
    throw mismatch('The description file lacks anchorOffset, which an AnchorSplat model needs.');
}

/** Throws `model-invalid` where a description asks for a step that its kind of model can't have. */
function requireSteps(sidecar: Sidecar, colour: RefineManifest['colour']): void {
  const { sight, captureViews, kind, shDegree, symmetries, quaternions, normalization } = sidecar;
  const wants = 'The description file wants';
  if (captureViews === true && sight !== true) throw mismatch(`${wants} "captureViews" of a model without "sight".`);
  if (sight === true) {
    if (kind === 'anchorsplat') throw mismatch(`${wants} "sight" of an AnchorSplat, which can't be.`);
    if (colour === 'sigmoid')
      throw mismatch(`${wants} "sight" of a model whose colours are sigmoids, which can't be drawn.`);
    // Views around a scene are drawn, and scenes are rotated, without the bands above degree 1.
    if (shDegree > 1)
      throw mismatch(`${wants} "sight" of a model of SH degree ${shDegree}, which is there for degrees 0 and 1 only.`);
  }
  const isFit = kind === 'splatformer' && shDegree === 1 && colour === 'sh';
  if ((symmetries ?? 1) > 1 && !(isFit && quaternions === 'unit' && normalization === 'boundingBox'))
    throw mismatch(
      `${wants} "symmetries" of a model that is no SplatFormer of degree 1 with unit quaternions in a bounding box.`,
    );
}

/** Counts the trainable numbers of a checkpoint. */
function countParameters(tensors: TensorTable): number {
  let parameters = 0;
  for (const [key, tensor] of tensors)
    if (!/\.(running_mean|running_var|num_batches_tracked)$/.test(key))
      parameters += tensor.shape.reduce((product, n) => product * n, 1);
  return parameters;
}

/** Puts widths and depths together with the sidecar or the published configuration. */
function describe(tensors: TensorTable, given: Sidecar | null, name: string): RefineManifest {
  const shape = shapeOfCheckpoint(tensors);
  const { kind, inputs, copies, encoderChannels, decoderChannels, encoderDepths, decoderDepths } = shape;
  const sight = given?.sight ?? false;
  const shDegree = shDegreeOf(inputs, sight);
  const sidecar = given ?? published(shape, shDegree);
  requireFit(sidecar, shape, shDegree);
  const isAnchor = kind === 'anchorsplat';
  const colour = sidecar.colour ?? (!isAnchor && shDegree === 0 ? 'sigmoid' : 'sh');
  requireSteps(sidecar, colour);
  return manifestSchema.parse({
    name: sidecar.name ?? name,
    license: sidecar.license ?? 'not stated',
    figures: sidecar.figures ?? null,
    kind,
    shDegree,
    encoderDepths,
    decoderDepths,
    inputs,
    sight,
    captureViews: sidecar.captureViews ?? false,
    copies,
    encoderChannels,
    encoderHeads: sidecar.encoderHeads,
    decoderChannels,
    decoderHeads: sidecar.decoderHeads,
    strides: sidecar.strides,
    patchSize: sidecar.patchSize,
    gridResolution: sidecar.gridResolution ?? null,
    gridRule: sidecar.gridRule ?? null,
    quaternions: sidecar.quaternions,
    normalization: sidecar.normalization,
    colour,
    meansReach: isAnchor ? sidecar.anchorOffset : 1,
    opacityReach: sidecar.opacityReach ?? null,
    symmetries: sidecar.symmetries ?? 1,
    clamps: isAnchor ? anchorClamps : noClamps,
    dropNonFinite: isAnchor,
    noiseFloor: sidecar.noiseFloor ?? null,
    maxSplats: sidecar.maxSplats ?? comfortableSplats(encoderChannels[0], decoderChannels[0], shDegree, copies),
    parameters: countParameters(tensors),
  } satisfies Record<keyof RefineManifest, unknown>);
}

const anchorClamps = { logitOpacity: 20, normalizedLogScale: 5, sh: 10 } as const;
const noClamps = { logitOpacity: null, normalizedLogScale: null, sh: null } as const;

/** Returns the published configuration. Throws `model-invalid` where the checkpoint is of other widths. */
function published(shape: CheckpointShape, shDegree: Sidecar['shDegree']): Sidecar {
  const { encoderChannels, decoderChannels } = shape;
  const isPublished =
    String(encoderChannels) === String(publishedChannels.encoder) &&
    String(decoderChannels) === String(publishedChannels.decoder) &&
    String(shape.encoderDepths) === String(publishedChannels.encoderDepths) &&
    String(shape.decoderDepths) === String(publishedChannels.decoderDepths);
  if (isPublished) return publishedSidecar(shape.kind, shDegree);
  const widths = `encoder ${encoderChannels.join(', ')}; decoder ${decoderChannels.join(', ')}`;
  throw mismatch(
    `The checkpoint's widths (${widths}) are not the published ones, so its head counts, patch size, grid, strides, ` +
      'quaternion convention and normalization must be told.',
    'Put a description file of the same name with the ending .json beside it.',
  );
}

/**
 * Estimates how many splats' finest-stage tensors fit into `passBytes`: one plane of gathered taps (9 C) twice, MLP
 * hidden rows (4 C), qkv and a few rows of C, at the wider of the two finest stages, plus inputs and outputs.
 */
function comfortableSplats(encoder: number, decoder: number, shDegree: number, copies: number): number {
  const width = Math.max(encoder, decoder);
  const outputs = splatWidth(shDegree);
  const bytes = 4 * (32 * width + outputs * (1 + copies) + 27 + 8);
  return Math.max(1024, Math.min(150_000, Math.floor(passBytes / bytes)));
}
