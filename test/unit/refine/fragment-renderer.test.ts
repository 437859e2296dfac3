import { expect, it } from 'vitest';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { FragmentRasteriser } from '../../../renderer/refine/fragment-rasteriser.ts';
import { FragmentRenderer, channels, grey, parameter } from '../../../renderer/refine/fragment-renderer.ts';
import { ringCamera, viewSize } from '../../../renderer/refine/ring-cameras.ts';
import { features, sceneOf, stride } from './random-features.ts';

const splats = 80;
const camera = ringCamera('consistency', 2);
const columns = [11, 12, 13, 6];
const weight = 0.7;

/** Splats of which every eighth is opaque, so that its alpha is cut off. */
function scene(): Float32Array {
  const values = features(splats, (i) => ((i * 37) % 100) / 100);
  for (let i = 0; i < splats; i += 8) values[i * stride + 6] = 7;
  return values;
}

const parametersOf = (values: Float32Array): Float32Array =>
  Float32Array.from(
    { length: splats * parameter.count },
    (_, i) => values[Math.floor(i / parameter.count) * stride + columns[i % parameter.count]],
  );

function withParameters(values: Float32Array, parameters: ArrayLike<number>): Float32Array {
  const out = values.slice();
  for (let i = 0; i < splats * parameter.count; i++)
    out[Math.floor(i / parameter.count) * stride + columns[i % parameter.count]] = parameters[i];
  return out;
}

/** (pixels, channels) by the CPU rasteriser: colours over grey, and grey times the coverage. */
function rendering(values: Float32Array): Float64Array {
  const [overGrey, overBlack] = [grey, 0].map((level) =>
    renderReference(sceneOf(values), camera, [level, level, level]),
  );
  const out = new Float64Array(viewSize * viewSize * channels);
  for (let pixel = 0; pixel < viewSize * viewSize; pixel++) {
    for (let c = 0; c < 3; c++) out[pixel * channels + c] = overGrey[3 * pixel + c];
    out[pixel * channels + 3] = grey - (overGrey[3 * pixel] - overBlack[3 * pixel]);
  }
  return out;
}

it('renders its fragments as the CPU rasteriser renders the scene', () => {
  const values = scene();
  const fragments = new FragmentRasteriser(values, stride).listFragments(camera, 0);
  const renderer = new FragmentRenderer(parametersOf(values), viewSize * viewSize);
  const drawn = renderer.renderInitial(renderer.hold(fragments));
  const wanted = rendering(values);
  expect(drawn.reduce((worst, x, i) => Math.max(worst, Math.abs(x - wanted[i])), 0)).toBeLessThan(1e-4);
});

it('differentiates half the weighted squared error: along any direction as finite differences do', () => {
  const values = scene();
  const parameters = parametersOf(values);
  const target = Float32Array.from(
    rendering(
      withParameters(
        values,
        parameters.map((x, i) => x + Math.sin(i)),
      ),
    ),
  );
  const loss = (at: ArrayLike<number>): number =>
    rendering(withParameters(values, at)).reduce((sum, x, i) => sum + (weight / 2) * (x - target[i]) ** 2, 0);

  const fragments = new FragmentRasteriser(values, stride).listFragments(camera, 0);
  const gradient = new Float32Array(parameters.length);
  const renderer = new FragmentRenderer(parameters, viewSize * viewSize);
  renderer.addGradient(renderer.aim(renderer.hold(fragments), target, weight), parameters, gradient);

  const step = 0.01;
  for (let direction = 1; direction <= 8; direction++) {
    const along = parameters.map((_, i) => Math.sin(direction * 1.7 * (i + 1)));
    const [ahead, back] = [step, -step].map((s) => loss(parameters.map((x, i) => x + s * along[i])));
    const slope = gradient.reduce((sum, g, i) => sum + g * along[i], 0);
    const scale = Math.hypot(...gradient) * Math.hypot(...along);
    expect(Math.abs((ahead - back) / (2 * step) - slope) / scale).toBeLessThan(2e-3);
    expect(Math.abs(slope)).toBeGreaterThan(0);
  }
});
