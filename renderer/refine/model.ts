import { SplatError } from '../core/errors.ts';
import { attributesOf, splatWidth } from './attributes.ts';
import type { TensorTable } from './checkpoint.ts';
import { readCheckpoint } from './checkpoint.ts';
import { LayerReader } from './layers.ts';
import type { RefineManifest, Sidecar } from './manifest.ts';
import { manifestSchema, parseSidecar, publishedChannels, publishedSidecar } from './manifest.ts';
import { buildNetwork } from './network.ts';
import { visibilityWidth } from './visibility.ts';

/** A model ready to run: plain data, so it can be posted between threads. */
export interface RefineModel {
  readonly manifest: RefineManifest;
  /** The graph, without its weights. */
  readonly onnx: Uint8Array;
  /** The blob of weights that the graph refers to as `weights.bin`. */
  readonly weights: Uint8Array;
}

/** Memory that the largest pass may take when a model does not say how many splats suit it. */
const passBytes = 2 * 1024 ** 3;

/**
 * Makes a model of a PyTorch checkpoint.
 * @param checkpoint bytes of the `.pth` file (state dict, published names)
 * @param sidecar parsed content of the `NAME.json` beside it, or null; only the published widths can do without
 * @param name name for people, used when the sidecar has none
 * Throws `model-invalid` naming what is missing or does not fit.
 */
export function loadModel(checkpoint: Uint8Array, sidecar: unknown | null, name: string): RefineModel {
  return modelFromTensors(readCheckpoint(checkpoint), sidecar, name);
}

/**
 * What a checkpoint is, from its shapes and description alone: no number is decoded, so it is quick at any size. Throws
 * as `loadModel`.
 */
export function describeCheckpoint(checkpoint: Uint8Array, sidecar: unknown | null, name: string): RefineManifest {
  return describe(readCheckpoint(checkpoint), sidecar === null ? null : parseSidecar(sidecar), name);
}

/** `loadModel` after the file format: from tensors by state-dict name. */
export function modelFromTensors(tensors: TensorTable, sidecar: unknown | null, name: string): RefineModel {
  const manifest = describe(tensors, sidecar === null ? null : parseSidecar(sidecar), name);
  const layers = new LayerReader(tensors);
  const network = buildNetwork(manifest, layers);
  layers.finish();
  return { manifest, ...network };
}

function mismatch(message: string, advice?: string): SplatError {
  return new SplatError('model-invalid', message, advice);
}

function shapeOf(tensors: TensorTable, name: string, rank: number): readonly number[] {
  const tensor = tensors.get(name);
  if (tensor === undefined)
    throw mismatch(
      `The checkpoint is not a SplatFormer network: ${name} is missing.`,
      'Choose a checkpoint of SplatFormer or AnchorSplat.',
    );
  if (tensor.shape.length !== rank)
    throw mismatch(
      `The checkpoint is not a SplatFormer network: ${name} has ${tensor.shape.length} dimensions where ${rank} are needed.`,
    );
  return tensor.shape;
}

/** Number of consecutive indices i for which some tensor's name starts with `prefix(i)`. */
function countPrefixes(names: readonly string[], prefix: (i: number) => string): number {
  let n = 0;
  while (names.some((name) => name.startsWith(prefix(n)))) n++;
  return n;
}

/** Widths and depths from names and shapes, the rest from the sidecar or the published configuration. */
function describe(tensors: TensorTable, given: Sidecar | null, name: string): RefineManifest {
  const names = [...tensors.keys()];
  const trunk = 'backbone.backbone.';
  const [embedded, inputs] = shapeOf(tensors, `${trunk}embedding.0.weight`, 2);
  const stages = countPrefixes(names, (s) => `${trunk}enc.enc${s}.`);
  const decoders = countPrefixes(names, (s) => `${trunk}dec.dec${s}.`);
  if (stages < 2 || decoders !== stages - 1)
    throw mismatch(
      `The checkpoint has ${stages} encoder and ${decoders} decoder stages; the decoder needs one fewer than the encoder, at least one.`,
    );
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const encoderChannels = [
    embedded,
    ...range(stages - 1).map((s) => shapeOf(tensors, `${trunk}enc.enc${s + 1}.down.proj.weight`, 2)[0]),
  ];
  const decoderChannels = range(decoders).map((s) => shapeOf(tensors, `${trunk}dec.dec${s}.up.proj.0.weight`, 2)[0]);
  const encoderDepths = range(stages).map((s) => countPrefixes(names, (i) => `${trunk}enc.enc${s}.block${i}.`));
  const decoderDepths = range(decoders).map((s) => countPrefixes(names, (i) => `${trunk}dec.dec${s}.block${i}.`));

  const sight = given?.sight ?? false;
  const shDegree = ([0, 1, 2, 3] as const).find(
    (degree) => splatWidth(degree) + (sight ? visibilityWidth : 0) === inputs,
  );
  if (shDegree === undefined)
    throw mismatch(
      `The checkpoint takes ${inputs} numbers a splat; SH degrees 0 to 3 have 14, 23, 38 and 59, and ${visibilityWidth} more with what is seen of the splats ("sight" in the description file).`,
    );
  const anchor = tensors.get('point_embeddings.means');
  const kind = anchor === undefined ? 'splatformer' : 'anchorsplat';
  const copies = anchor === undefined ? 1 : shapeOf(tensors, 'point_embeddings.means', 2)[0];

  const found = { kind, shDegree, encoderDepths, decoderDepths } as const;
  const sidecar = given ?? published(found, encoderChannels, decoderChannels);
  for (const key of ['kind', 'shDegree', 'encoderDepths', 'decoderDepths'] as const) {
    if (String(sidecar[key]) !== String(found[key]))
      throw mismatch(
        `The description file says ${key} ${String(sidecar[key])}, the checkpoint has ${String(found[key])}.`,
        'Use the description file that belongs to this checkpoint.',
      );
  }
  const lists: readonly [string, number, number][] = [
    ['encoderHeads', sidecar.encoderHeads.length, stages],
    ['decoderHeads', sidecar.decoderHeads.length, decoders],
    ['strides', sidecar.strides.length, decoders],
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
  if (kind === 'anchorsplat' && sidecar.anchorOffset === undefined)
    throw mismatch('The description file lacks anchorOffset, which an AnchorSplat model needs.');

  const colour = sidecar.colour ?? (kind === 'splatformer' && shDegree === 0 ? 'sigmoid' : 'sh');
  if (sight && kind === 'anchorsplat')
    throw mismatch('The description file wants "sight" of an AnchorSplat, which can\'t be.');
  if (sight && colour === 'sigmoid')
    throw mismatch('The description file wants "sight" of a model whose colours are sigmoids, which can\'t be drawn.');
  // Views around a scene are drawn, and scenes are turned, without the bands above degree 1.
  if (sight && shDegree > 1)
    throw mismatch(
      `The description file wants "sight" of a model of SH degree ${shDegree}, which is there for degrees 0 and 1 only.`,
    );
  const symmetries = sidecar.symmetries ?? 1;
  if (
    symmetries > 1 &&
    !(
      kind === 'splatformer' &&
      shDegree === 1 &&
      colour === 'sh' &&
      sidecar.quaternions === 'unit' &&
      sidecar.normalization === 'boundingBox'
    )
  ) {
    throw mismatch(
      'The description file wants "symmetries" of a model that is no SplatFormer of degree 1 with unit quaternions in a bounding box.',
    );
  }

  let parameters = 0;
  for (const [key, tensor] of tensors)
    if (!/\.(running_mean|running_var|num_batches_tracked)$/.test(key))
      parameters += tensor.shape.reduce((product, n) => product * n, 1);
  return manifestSchema.parse({
    name: sidecar.name ?? name,
    license: sidecar.license ?? 'not stated',
    figures: sidecar.figures ?? null,
    ...found,
    inputs,
    sight,
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
    meansReach: kind === 'anchorsplat' ? sidecar.anchorOffset : 1,
    opacityReach: sidecar.opacityReach ?? null,
    symmetries,
    clamps:
      kind === 'anchorsplat'
        ? { logitOpacity: 20, normalizedLogScale: 5, sh: 10 }
        : { logitOpacity: null, normalizedLogScale: null, sh: null },
    dropNonFinite: kind === 'anchorsplat',
    noiseFloor: sidecar.noiseFloor ?? null,
    maxSplats: sidecar.maxSplats ?? comfortableSplats(encoderChannels[0], decoderChannels[0], shDegree, copies),
    parameters,
  } satisfies Record<keyof RefineManifest, unknown>);
}

function published(
  found: Pick<Sidecar, 'kind' | 'shDegree' | 'encoderDepths' | 'decoderDepths'>,
  encoder: readonly number[],
  decoder: readonly number[],
): Sidecar {
  const same =
    String(encoder) === String(publishedChannels.encoder) &&
    String(decoder) === String(publishedChannels.decoder) &&
    String(found.encoderDepths) === String(publishedChannels.encoderDepths) &&
    String(found.decoderDepths) === String(publishedChannels.decoderDepths);
  if (!same) {
    throw mismatch(
      `The checkpoint's widths (encoder ${encoder.join(', ')}; decoder ${decoder.join(', ')}) are not the published ones, so its head counts, patch size, grid, strides, quaternion convention and normalization must be told.`,
      'Put a description file of the same name with the ending .json beside it.',
    );
  }
  return publishedSidecar(found.kind, found.shDegree);
}

/**
 * Splats whose finest-stage tensors fit into `passBytes`: one plane of gathered taps (9 C) twice, MLP hidden rows (4
 * C), qkv and a few rows of
 * C, at the wider of the two finest stages, plus inputs and outputs.
 */
function comfortableSplats(encoder: number, decoder: number, shDegree: number, copies: number): number {
  const width = Math.max(encoder, decoder);
  const outputs = attributesOf(shDegree).reduce((sum, attribute) => sum + attribute.width, 0);
  const bytes = 4 * (32 * width + outputs * (1 + copies) + 27 + 8);
  return Math.max(1024, Math.min(150_000, Math.floor(passBytes / bytes)));
}
