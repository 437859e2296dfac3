import { afterAll, beforeAll, expect, test } from 'vitest';
import { heatEntry, luma } from '../../renderer/compare/heat.ts';
import { colourMap } from '../../renderer/core/colour-map.ts';
import { renderCompareToImage, renderToFloats, renderToImage } from '../../renderer/gpu/capture.ts';
import { ColourOverlay, MISSING_COLOUR } from '../../renderer/gpu/colour-overlay.ts';
import { paneCamera, panes, type CompareView, type HeatMeasure } from '../../renderer/gpu/compare-view.ts';
import type { GpuScene } from '../../renderer/gpu/gpu-scene.ts';
import { HEAT_COLOUR_MAPS } from '../../renderer/gpu/passes/compare.ts';
import { LineSet } from '../../renderer/gpu/passes/lines.ts';
import { SplatRenderer } from '../../renderer/gpu/splat-renderer.ts';
import { openTestDevice, type TestDevice } from './device.ts';
import { generateScene, lookAt } from './scenes.ts';

const WIDTH = 75;
const HEIGHT = 53;
const BACKGROUND = [0.25, 0.5, 0.125] as const;
const camera = lookAt([0.3, -0.4, -2.7], [0, 0, 0], WIDTH, HEIGHT);

let gpu: TestDevice;
let renderer: SplatRenderer;
let before: GpuScene;
let after: GpuScene;

// Scenes of unlike size and SH degree, anti-aliased and not: each must keep what is its own.
const beforeSource = generateScene({ count: 300, shDegree: 1, seed: 41 });
const afterSource = generateScene({ count: 450, shDegree: 2, seed: 42, antialiased: true });

beforeAll(async () => {
  gpu = await openTestDevice();
  renderer = new SplatRenderer(gpu.device, { format: 'bgra8unorm' });
  before = renderer.uploadScene(beforeSource, { maxChunkSplats: 200 });
  after = renderer.uploadScene(afterSource);
}, 90_000);

afterAll(() => {
  expect(gpu.errors).toEqual([]);
  before.destroy();
  after.destroy();
  renderer.destroy();
  gpu.device.destroy();
});

const alone = (scene: GpuScene | null, of = camera): Promise<Uint8ClampedArray> =>
  renderToImage(gpu.device, renderer, scene, of, BACKGROUND);
const compared = (
  view: CompareView,
  scenes: { before: GpuScene | null; after: GpuScene | null } = { before, after },
): Promise<Uint8ClampedArray> => renderCompareToImage(gpu.device, renderer, scenes, camera, view, BACKGROUND);
const C0 = 0.28209479177387814;
const largestDifference = (a: Uint8ClampedArray, b: Uint8ClampedArray): number =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
/** Whether the pixels at these places are equal to the bit. */
const same = (a: Uint8ClampedArray, i: number, b: Uint8ClampedArray, j: number): boolean =>
  [0, 1, 2, 3].every((k) => a[i + k] === b[j + k]);
const pixel = (picture: Uint8ClampedArray, x: number, y: number, width = WIDTH): number[] => [
  ...picture.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
];

test.each([
  { direction: 'vertical', position: 0.4 },
  { direction: 'horizontal', position: 0.61 },
  { direction: 'vertical', position: 0 },
  { direction: 'vertical', position: 1 },
  { direction: 'vertical', position: 31 / WIDTH },
] as const)(
  'split $direction at $position: before on one side, after on the other, to the bit',
  async ({ direction, position }) => {
    const [first, second, drawn] = [
      await alone(before),
      await alone(after),
      await compared({ mode: 'split', direction, position }),
    ];
    expect(first).not.toEqual(second);
    const wrong: string[] = [];
    const splitAt = position * (direction === 'vertical' ? WIDTH : HEIGHT);
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const isBefore = (direction === 'vertical' ? x : y) + 0.5 < splitAt;
        const side = isBefore ? first : second;
        if (!same(drawn, (y * WIDTH + x) * 4, side, (y * WIDTH + x) * 4)) wrong.push(`${x}, ${y}`);
      }
    }
    expect(wrong).toEqual([]);
  },
  60_000,
);

test('a divider lies over the line, and one side may be empty', async () => {
  const drawn = await compared(
    { mode: 'split', direction: 'vertical', position: 40 / WIDTH, divider: { widthPixels: 2, colour: [1, 0, 0.5] } },
    { before: null, after },
  );
  const second = await alone(after);
  for (const y of [0, 20, HEIGHT - 1]) {
    expect(pixel(drawn, 38, y)).toEqual([64, 128, 32, 255]);
    expect(pixel(drawn, 39, y)).toEqual([255, 0, 128, 255]);
    expect(pixel(drawn, 40, y)).toEqual([255, 0, 128, 255]);
    expect(pixel(drawn, 41, y)).toEqual(pixel(second, 41, y));
  }
}, 60_000);

test.each(['vertical', 'horizontal'] as const)(
  'side by side (%s) is two renders, each with the aspect of its half',
  async (direction) => {
    const drawn = await compared({ mode: 'sideBySide', direction });
    const places = panes(WIDTH, HEIGHT, direction);
    const pictures = [
      await alone(before, paneCamera(camera, places[0])),
      await alone(after, paneCamera(camera, places[1])),
    ];
    const wrong: string[] = [];
    places.forEach((pane, i) => {
      for (let y = 0; y < pane.height; y++) {
        for (let x = 0; x < pane.width; x++) {
          if (!same(drawn, ((pane.y + y) * WIDTH + pane.x + x) * 4, pictures[i], (y * pane.width + x) * 4))
            wrong.push(`${i}: ${x}, ${y}`);
        }
      }
    });
    expect(wrong).toEqual([]);
  },
  60_000,
);

test('guides are drawn in both halves', async () => {
  const lines = new LineSet(gpu.device, new Float32Array([-9, 0, 0, 9, 0, 0]), new Float32Array([1, 0, 0, 1, 0, 0]), {
    widthPixels: 3,
  });
  const level = lookAt([0, 0, -3], [0, 0, 0], 60, 20);
  const picture = await renderCompareToImage(
    gpu.device,
    renderer,
    { before: null, after: null },
    level,
    { mode: 'sideBySide', direction: 'vertical' },
    [0, 0, 0],
    { lines: [lines] },
  );
  const split = await renderCompareToImage(
    gpu.device,
    renderer,
    { before: null, after: null },
    level,
    { mode: 'split', direction: 'vertical', position: 0.5 },
    [0, 0, 0],
    { lines: [lines] },
  );
  for (const x of [0, 29, 30, 59]) {
    expect(pixel(picture, x, 10, 60)).toEqual([255, 0, 0, 255]);
    expect(pixel(split, x, 10, 60)).toEqual([255, 0, 0, 255]);
    expect(pixel(picture, x, 3, 60)).toEqual([0, 0, 0, 255]);
  }
  lines.destroy();
}, 60_000);

test.each(['absolute', 'signed', 'decibel'] satisfies HeatMeasure[])(
  'the heat map (%s) is the CPU twin of the difference',
  async (measure) => {
    const { device } = gpu;
    const float = new SplatRenderer(device, { format: 'rgba32float' });
    const view = { mode: 'heat', measure, largest: 0.4 } as const;
    const [first, second, drawn] = [
      await renderToFloats(device, float, before, camera, { background: BACKGROUND }),
      await renderToFloats(device, float, after, camera, { background: BACKGROUND }),
      await compared(view),
    ];
    float.destroy();
    const table = colourMap(HEAT_COLOUR_MAPS[measure]);
    const isEntry = (entry: number, i: number): boolean =>
      [0, 1, 2].every((k) => drawn[i * 4 + k] === table[entry * 3 + k]) && drawn[i * 4 + 3] === 255;
    const seen = new Set<number>();
    const wrong: string[] = [];
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const difference =
        luma(second[i * 4], second[i * 4 + 1], second[i * 4 + 2]) -
        luma(first[i * 4], first[i * 4 + 1], first[i * 4 + 2]);
      const entry = heatEntry(difference, view);
      seen.add(entry);
      // Rounding may fall to the neighbour; a difference of nearly nothing has a logarithm of few digits.
      const slack = measure === 'decibel' && Math.abs(difference) < 1e-4 ? 4 : 1;
      const near = Array.from({ length: 2 * slack + 1 }, (_, k) => Math.min(255, Math.max(0, entry + k - slack)));
      if (!near.some((candidate) => isEntry(candidate, i)))
        wrong.push(
          `pixel ${i}: difference ${difference}, entry ${entry}, ` +
            `drawn ${[...drawn.subarray(i * 4, i * 4 + 3)].join(' ')}`,
        );
    }
    expect(wrong).toEqual([]);
    expect(seen.size).toBeGreaterThan(50);
  },
  60_000,
);

test('the heat map of a scene and itself is the colour of no difference', async () => {
  const drawn = await compared({ mode: 'heat', measure: 'absolute', largest: 0.1 }, { before: after, after });
  expect(new Set(drawn)).toEqual(new Set([0, 4, 255]));
}, 60_000);

test('a transparent split leaves the background out', async () => {
  const clear = await renderCompareToImage(
    gpu.device,
    renderer,
    { before, after },
    camera,
    { mode: 'split', direction: 'vertical', position: 0.5 },
    null,
  );
  const [first, second] = [
    await renderToImage(gpu.device, renderer, before, camera, null),
    await renderToImage(gpu.device, renderer, after, camera, null),
  ];
  expect(pixel(clear, 5, 26)).toEqual(pixel(first, 5, 26));
  expect(pixel(clear, 60, 26)).toEqual(pixel(second, 60, 26));
  expect(clear.some((value, i) => i % 4 === 3 && value === 0)).toBe(true);
}, 60_000);

test('frames make nothing anew while size and view stay', async () => {
  const { device } = gpu;
  let made = 0;
  const names = [
    'createBuffer',
    'createTexture',
    'createBindGroup',
    'createRenderPipeline',
    'createComputePipeline',
    'createShaderModule',
  ] as const;
  const target = device.createTexture({
    size: [WIDTH, HEIGHT],
    format: 'bgra8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT,
  });
  const views: CompareView[] = [
    { mode: 'split', direction: 'vertical', position: 0.3 },
    { mode: 'heat', measure: 'signed', largest: 0.2 },
  ];
  const frame = (view: CompareView): void =>
    renderer.renderCompare({ view: target.createView(), width: WIDTH, height: HEIGHT }, before, after, camera, view, {
      background: BACKGROUND,
    });
  views.forEach(frame);
  for (const name of names) {
    const original = device[name].bind(device) as (...args: unknown[]) => unknown;
    Object.defineProperty(device, name, {
      configurable: true,
      value: (...args: unknown[]) => {
        made++;
        return original(...args);
      },
    });
  }
  for (let i = 0; i < 3; i++) views.forEach(frame);
  expect(made).toBe(0);
  frame({ mode: 'sideBySide', direction: 'vertical' });
  expect(made).toBeGreaterThan(0);
  for (const name of names) delete (device as unknown as Record<string, unknown>)[name];
  await device.queue.onSubmittedWorkDone();
  target.destroy();
}, 60_000);

test('after giving its textures back a comparison draws the same', async () => {
  const view: CompareView = { mode: 'split', direction: 'vertical', position: 0.5 };
  const drawn = await compared(view);
  renderer.releaseCompare();
  expect(await compared(view)).toEqual(drawn);
}, 60_000);

test('an overlay shows each splat in its colour of the map, from all sides, in chunks too', async () => {
  const source = generateScene({ count: 3, shDegree: 3, seed: 5 });
  // Three nearly opaque balls beside each other.
  source.logScales.fill(Math.log(0.12));
  source.logitOpacities.fill(20);
  source.positions.set([-0.6, 0, 0, 0, 0, 0, 0.6, 0, 0]);
  const scene = renderer.uploadScene(source, { maxChunkSplats: 2 });
  const overlay = new ColourOverlay(gpu.device, scene);
  overlay.paint(Float32Array.of(0.25, 7, NaN), 'viridis');
  const table = colourMap('viridis');
  const view = lookAt([0, 0, -2], [0, 0, 0], 64, 32, 50);
  const drawn = await renderToImage(gpu.device, renderer, overlay, view, [0, 0, 0]);
  // The same splats as a scene of degree 0 that has these colours by itself.
  const colours = [...table.subarray(64 * 3, 65 * 3), ...table.subarray(-3), ...MISSING_COLOUR];
  const painted = renderer.uploadScene({
    ...source,
    shDegree: 0,
    shDc: Float32Array.from(colours, (byte) => (byte / 255 - 0.5) / C0),
    shRest: new Float32Array(0),
  });
  const expected = await renderToImage(gpu.device, renderer, painted, view, [0, 0, 0]);
  painted.destroy();
  expect(largestDifference(drawn, expected)).toBeLessThanOrEqual(1);
  expect(Math.max(...drawn.filter((_, i) => i % 4 !== 3))).toBeGreaterThan(230);
  // Another painting replaces the first, and the scene itself keeps its colours.
  overlay.paint(Float32Array.of(1, 1, 1), 'viridis');
  expect(await renderToImage(gpu.device, renderer, overlay, view, [0, 0, 0])).not.toEqual(drawn);
  expect(() => overlay.paint(new Float32Array(4), 'viridis')).toThrow(/4 values do not fit 3 splats/);
  overlay.destroy();
  scene.destroy();
}, 60_000);

test('a scene put into the buffers of another gives the picture that it gives alone', async () => {
  const other = generateScene({ count: 300, shDegree: 1, seed: 77, antialiased: true });
  const scene = renderer.uploadScene(beforeSource, { maxChunkSplats: 128 });
  const fresh = renderer.uploadScene(other);
  const first = await alone(scene);
  scene.update(other);
  expect(await alone(scene)).toEqual(await alone(fresh));
  // Arrays that are the same are not sent again, and still the picture is right.
  const moved = {
    ...beforeSource,
    positions: beforeSource.positions.map((x) => x + 0.1),
    logitOpacities: beforeSource.logitOpacities.map((x) => x - 1),
  };
  scene.update(beforeSource);
  expect(await alone(scene)).toEqual(first);
  scene.update(moved, ['positions', 'logitOpacities']);
  const freshMoved = renderer.uploadScene(moved);
  expect(await alone(scene)).toEqual(await alone(freshMoved));
  // Colours alone: degree 0 shares its plane with the first number above it.
  const recoloured = { ...moved, shDc: moved.shDc.map((x) => -x) };
  scene.update(recoloured, ['shDc']);
  const freshRecoloured = renderer.uploadScene(recoloured);
  expect(await alone(scene)).toEqual(await alone(freshRecoloured));
  expect(scene.fits(afterSource)).toBe(false);
  expect(() => scene.update(afterSource)).toThrow(/450 splats of SH degree 2/);
  for (const owner of [scene, fresh, freshMoved, freshRecoloured]) owner.destroy();
}, 60_000);

test('an overlay follows the scene that it lies over', async () => {
  const scene = renderer.uploadScene(beforeSource);
  const overlay = new ColourOverlay(gpu.device, scene);
  const mapValues = Float32Array.from({ length: beforeSource.count }, (_, i) => i / beforeSource.count);
  overlay.paint(mapValues, 'coolwarm');
  const moved = { ...beforeSource, positions: beforeSource.positions.map((x) => 0.5 * x) };
  scene.update(moved, ['positions']);
  const freshScene = renderer.uploadScene(moved);
  const fresh = new ColourOverlay(gpu.device, freshScene);
  fresh.paint(mapValues, 'coolwarm');
  const draw = (of: ColourOverlay): Promise<Uint8ClampedArray> =>
    renderToImage(gpu.device, renderer, of, camera, BACKGROUND);
  expect(await draw(overlay)).toEqual(await draw(fresh));
  for (const owner of [overlay, fresh, scene, freshScene]) owner.destroy();
}, 60_000);
