import { describe, expect, it } from 'vitest';
import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import type { InferenceBackend } from '../../../renderer/refine/backend.ts';
import { createWasmBackend } from '../../../renderer/refine/backend-web.ts';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { lookAtWorldToView } from '../../../renderer/core/camera-file.ts';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { cutBlocks } from '../../../renderer/refine/blocks.ts';
import type { RefineModel } from '../../../renderer/refine/model.ts';
import { releaseModel } from '../../../renderer/refine/model-sessions.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { applyResiduals } from '../../../renderer/refine/residual-blend.ts';
import { viewsPerRing } from '../../../renderer/refine/ring-cameras.ts';
import { sceneDifference } from './read-ply.ts';
import { randomScene, tinyModel } from './scenes.ts';
import { tell } from './tell.ts';

const backend = createNodeBackend();

/** Eight degrees above the middle of a scene that spans 4 a side, as far as captures stand. */
const cameraBelow: CameraParameters = {
  worldToView: lookAtWorldToView({ position: [11.9, 0.6, 1.7], target: [0, 0, 0], up: [0, 0, 1], rollDegrees: 0 }),
  fx: 170,
  fy: 170,
  cx: 32,
  cy: 32,
  width: 64,
  height: 64,
};

const refine = (scene: SplatScene, model: RefineModel, options = {}, on: InferenceBackend = backend) =>
  refineScene(scene, model, on, options);

describe('refineScene', () => {
  it('keeps bands above the model and raises a degree-0 scene to degree 1', async () => {
    const model = tinyModel(1);
    const high = randomScene(300, 3);
    const { scene } = await refine(high, model);
    for (let i = 0; i < 300; i++)
      expect(scene.shRest.subarray(45 * i + 9, 45 * i + 45)).toEqual(high.shRest.subarray(45 * i + 9, 45 * i + 45));
    expect(scene.shRest.subarray(0, 9)).not.toEqual(high.shRest.subarray(0, 9));
    const raised = await refine(randomScene(100, 0), model);
    expect(raised.scene.shDegree).toBe(1);
    expect(raised.scene.shRest.some((v) => v !== 0)).toBe(true);
  });

  it('passes invalid splats through untouched and counts them', async () => {
    const input = randomScene(200, 1);
    input.positions[3 * 17] = NaN;
    input.logitOpacities[40] = Infinity;
    const { scene, report } = await refine(input, tinyModel(1));
    expect(report).toMatchObject({ splats: 200, refined: 198, invalidPassedThrough: 2, outputSplats: 200 });
    for (const row of [17, 40]) {
      expect(scene.positions.subarray(3 * row, 3 * row + 3)).toEqual(input.positions.subarray(3 * row, 3 * row + 3));
      expect(scene.shRest.subarray(9 * row, 9 * row + 9)).toEqual(input.shRest.subarray(9 * row, 9 * row + 9));
    }
    expect(scene.positions[0]).not.toBe(input.positions[0]);
    for (const broken of [
      createScene(0, 1, input.meta),
      { ...randomScene(3, 1), positions: new Float32Array(9).fill(NaN) },
    ])
      await expect(refine(broken, tinyModel(1))).rejects.toMatchObject({ code: 'empty-scene' });
  });

  it('refines one splat, and many in one point', async () => {
    for (const count of [1, 600]) {
      const input = randomScene(count, 1);
      input.positions.fill(0.5);
      const { scene } = await refine(input, tinyModel(1));
      expect(scene.positions.every(Number.isFinite)).toBe(true);
    }
  });

  it('scales and switches residuals afterwards', async () => {
    const input = randomScene(150, 1);
    const { scene, residuals } = await refine(input, tinyModel(1));
    expect(sceneDifference(applyResiduals(input, residuals), scene).largest).toBe(0);
    expect(sceneDifference(applyResiduals(input, residuals, 0), input).largest).toBe(0);
    const half = applyResiduals(input, residuals, 0.5);
    expect(half.shDc[4] - input.shDc[4]).toBeCloseTo((scene.shDc[4] - input.shDc[4]) / 2, 5);
    const coloursOnly = applyResiduals(input, residuals, 1, {
      means: false,
      scales: false,
      opacities: false,
      quats: false,
    });
    expect(coloursOnly.positions).toEqual(input.positions);
    expect(coloursOnly.shDc).toEqual(scene.shDc);
  });

  it('runs degree-0 models, whose colours are sigmoids', async () => {
    const { scene, report } = await refine(randomScene(150, 2), tinyModel(0));
    expect(report.residuals.features_dc?.maxAbsolute).toBeGreaterThan(0);
    // A sigmoid colour lies in 0..1, so the degree-0 coefficient stays where that is.
    for (const dc of scene.shDc) expect(Math.abs(dc * 0.28209479177387814)).toBeLessThanOrEqual(0.5 + 1e-5);
  });

  it('cuts large scenes into blocks that cover every splat once, with small seams', async () => {
    const input = randomScene(2000, 1);
    for (const block of cutBlocks(input.positions, 5000)) expect(block.core).toHaveLength(2000);
    const blocks = cutBlocks(input.positions, 700);
    const owners = blocks.flatMap((block) => [...block.core].map((at) => block.rows[at]));
    expect([...owners].sort((a, b) => a - b)).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    expect(Math.max(...blocks.map((block) => block.rows.length))).toBeLessThanOrEqual(700);
    const whole = await refine(input, tinyModel(1));
    const cut = await refine(input, tinyModel(1), { maxSplats: 700 });
    expect(cut.report.blocks).toBe(blocks.length);
    const change = sceneDifference(whole.scene, input).mean;
    const seam = sceneDifference(whole.scene, cut.scene).mean;
    tell(`blocks of 700 of 2,000: mean difference to one pass ${seam}, mean change by the network ${change}`);
    expect(seam).toBeLessThan(0.25 * change);
  });

  it('chooses the grid by the number of splats where the model says so', async () => {
    const model = tinyModel(1, { gridResolution: undefined, gridRule: { kind: 'count', grid: 32, splats: 500 } });
    expect((await refine(randomScene(500, 1), model)).report.gridResolution).toBe(32);
    expect((await refine(randomScene(2000, 1), model)).report.gridResolution).toBe(64);
  });

  it('gives a model back and loads it anew', async () => {
    const model = tinyModel(1);
    const input = randomScene(300, 1);
    const first = await refine(input, model);
    await releaseModel(backend, model);
    await releaseModel(backend, model);
    expect((await refine(input, model)).scene).toEqual(first.scene);
  });

  it('stops when cancelled, before and between blocks', async () => {
    const early = new AbortController();
    early.abort();
    await expect(refine(randomScene(50, 1), tinyModel(1), { signal: early.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const controller = new AbortController();
    const stages: string[] = [];
    const job = refine(randomScene(2000, 1), tinyModel(1), {
      maxSplats: 700,
      signal: controller.signal,
      onProgress: ({ stage, fraction }: { stage: string; fraction: number }) => {
        stages.push(stage);
        if (stage === 'network' && fraction > 0) controller.abort();
      },
    });
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(stages.filter((stage) => stage === 'network')).toHaveLength(2);
  });

  it('keeps opacity residuals within their reach', async () => {
    const input = randomScene(300, 1);
    const free = (await refine(input, tinyModel(1))).residuals.values.opacities;
    const bound = (await refine(input, tinyModel(1, { opacityReach: 0.1 }))).residuals.values.opacities;
    expect(Math.max(...free.map(Math.abs))).toBeGreaterThan(0.1);
    free.forEach((x, i) => expect(bound[i]).toBeCloseTo(x / (1 + Math.abs(x) / 0.1), 5));
  });

  it('asks about the forms of a scene that goes in one pass, and takes the mean of the answers', async () => {
    const input = randomScene(300, 1);
    const answer = async (count: number, options = {}) => {
      const stages: string[] = [];
      const { residuals } = await refine(input, tinyModel(1, { quaternions: 'unit', symmetries: count }), {
        ...options,
        onProgress: ({ stage }: { stage: string }) => stages.push(stage),
      });
      return { values: residuals.values, asked: stages.filter((stage) => stage === 'network').length };
    };
    const [one, two, four] = [await answer(1), await answer(2), await answer(4)];
    expect([one.asked, two.asked, four.asked]).toEqual([1, 2, 4]);
    // Opacities are the same in every form: of n answers each has a share, the scene's own among them.
    const change = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    expect(change(one.values.opacities, two.values.opacities)).toBeGreaterThan(1e-3);
    expect(change(one.values.opacities, four.values.opacities)).toBeGreaterThan(1e-3);
    expect(four.values.means).not.toEqual(one.values.means);
    expect((await answer(4, { maxSplats: 200 })).asked).toBe((await answer(1, { maxSplats: 200 })).asked);
    expect(() => tinyModel(1, { symmetries: 4 })).toThrow(/"symmetries".*unit quaternions/);
  });

  it('shows the network what is seen of the splats where the model wants it, and stops while it looks', async () => {
    const input = randomScene(300, 1);
    const model = tinyModel(1, { sight: true }, true);
    const stages: string[] = [];
    const { scene, report } = await refine(input, model, {
      onProgress: ({ stage }: { stage: string }) => stages.push(stage),
    });
    expect(stages.filter((stage) => stage === 'sight')).toHaveLength(2 * viewsPerRing);
    expect(report.milliseconds.sight).toBeGreaterThan(0);
    expect(scene.shDc.every(Number.isFinite)).toBe(true);
    // A splat in another block is told apart by what hides it from the views.
    const hidden = {
      ...input,
      logitOpacities: input.logitOpacities.map((logit, i) => (i === 0 ? 9 : logit)),
      logScales: input.logScales.map((scale, i) => (i < 3 ? 1 : scale)),
    };
    const blocks = { maxSplats: 100 };
    const [open, covered] = [await refine(input, model, blocks), await refine(hidden, model, blocks)];
    const farthest = 299;
    // Rotations, as base colours and opacities are moved for the whole scene afterwards.
    expect(covered.residuals.values.quats.subarray(4 * farthest)).not.toEqual(
      open.residuals.values.quats.subarray(4 * farthest),
    );

    const controller = new AbortController();
    const job = refine(input, model, {
      signal: controller.signal,
      onProgress: ({ stage, fraction }: { stage: string; fraction: number }) => {
        if (stage === 'sight' && fraction > 0.4) controller.abort();
      },
    });
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(() => tinyModel(1, {}, true)).toThrow(/takes 37 numbers.*"sight"/);
    expect(() => tinyModel(1, { sight: true })).toThrow(/takes 23 numbers/);
    expect(() => tinyModel(0, { sight: true }, true)).toThrow(/"sight".*sigmoids/);
  });

  it('keeps what the low views showed where the model sees, and stops while it does', async () => {
    const input = randomScene(400, 1);
    const { scene, residuals } = await refine(input, tinyModel(1, { sight: true }, true), { up: 'z' });
    // Base colours and opacities make up for what the network did to the rest, instead of adding to it.
    const movedOnly = {
      means: true,
      scales: true,
      quats: true,
      features_rest: true,
      opacities: false,
      features_dc: false,
    };
    const partly = applyResiduals(input, residuals, 1, movedOnly);
    const likeness = (other: SplatScene) => {
      const [a, b] = [input, other].map((it) => renderReference(it, cameraBelow, [1, 1, 1]));
      return -10 * Math.log10(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);
    };
    expect(likeness(scene)).toBeGreaterThan(likeness(partly) + 1);

    const controller = new AbortController();
    const job = refine(input, tinyModel(1, { sight: true }, true), {
      signal: controller.signal,
      onProgress: ({ stage, fraction }: { stage: string; fraction: number }) => {
        if (stage === 'reconcile' && fraction > 0.4) controller.abort();
      },
    });
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('names the attribute of an answer that is not finite, before anything is made of it', async () => {
    const broken: InferenceBackend = {
      ...backend,
      kind: backend.kind,
      createSession: async (...args) => {
        const session = await backend.createSession(...args);
        return {
          run: async (feeds) => {
            const outputs = await session.run(feeds);
            outputs.features_dc[7] = NaN;
            return outputs;
          },
          release: () => session.release(),
        };
      },
    };
    const stages: string[] = [];
    const job = refine(
      randomScene(300, 1),
      tinyModel(1, { sight: true }, true),
      { onProgress: ({ stage }: { stage: string }) => stages.push(stage) },
      broken,
    );
    await expect(job).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('(features_dc)') as unknown,
    });
    expect(stages).not.toContain('reconcile');
  });

  it('gives the same answer in WebAssembly within 1e-3', { timeout: 120_000 }, async () => {
    const input = randomScene(800, 1);
    const model = tinyModel(1);
    const native = await refine(input, model);
    const wasm = await refine(input, model, {}, createWasmBackend({ threads: 1 }));
    const difference = sceneDifference(native.scene, wasm.scene);
    tell('WASM to native CPU', difference.largest);
    expect(wasm.report.backend).toBe('wasm');
    expect(difference.largest).toBeLessThanOrEqual(1e-3);
  });
});
