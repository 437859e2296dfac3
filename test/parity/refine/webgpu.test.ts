import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { expect, it } from 'vitest';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import { refineScene } from '../../../renderer/refine/refine-scene.ts';
import { sceneDifference } from './read-ply.ts';
import { randomScene, tinyModel } from './scenes.ts';
import { tell } from './tell.ts';
import type { PageAnswer, PageJob } from './webgpu-page.ts';

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const root = fileURLToPath(new URL('../../../', import.meta.url));

it.skipIf(browserPath === undefined)(
  'the page client on WebGPU answers as the CPU within 1e-3, and cancels (needs a Chromium in /usr/bin)',
  { timeout: 280_000 },
  async () => {
    // With everything that the shipped weights ask for.
    const model = tinyModel(1, { sight: true, opacityReach: 1, noiseFloor: { scales: 0.001 } }, true);
    const input = randomScene(250, 1);
    const native = await refineScene(input, model, createNodeBackend());
    const arrays = Object.fromEntries(SCENE_ARRAYS.map((name) => [name, [...input[name]]]));
    const job: PageJob = {
      manifest: model.manifest,
      graphs: { all: [...model.graphs.all], occupied: [...model.graphs.occupied] },
      weights: [...model.weights],
      count: input.count,
      arrays,
      cancelAtOnce: false,
    };

    const server = await createServer({
      configFile: false,
      root,
      logLevel: 'error',
      appType: 'mpa',
      cacheDir: `${root}node_modules/.vite-refine-test`,
      worker: { format: 'es' },
      server: { port: 0, hmr: false, watch: null },
      optimizeDeps: { noDiscovery: true, exclude: ['onnxruntime-web'], include: [] },
    });
    const browser = await chromium.launch({
      executablePath: browserPath as string,
      args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
    });
    try {
      await server.listen();
      const address = server.resolvedUrls?.local[0] ?? `http://localhost:${server.config.server.port}/`;
      const page = await browser.newPage();
      const trouble: string[] = [];
      page.on('pageerror', (error) => trouble.push(error.message));
      page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
      await page.route('**/refine-test.html', (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: '<script type="module" src="/test/parity/refine/webgpu-page.ts"></script>',
        }),
      );
      await page.goto(`${address}refine-test.html`);
      await page
        .waitForFunction(() => 'runJob' in window, undefined, { timeout: 60_000 })
        .catch((error: unknown) => {
          throw new Error(`The page did not start: ${trouble.join('; ')}`, { cause: error });
        });
      const run = (request: PageJob): Promise<PageAnswer> =>
        page.evaluate(
          (value) => (window as unknown as { runJob: (job: PageJob) => Promise<PageAnswer> }).runJob(value),
          request,
        );
      const cancelledJob = await run({ ...job, cancelAtOnce: true });
      expect(cancelledJob).toEqual({ error: 'cancelled: Refining was cancelled.' });
      const answer = await run(job);
      if ('error' in answer) throw new Error(`${answer.error} ${trouble.join('; ')}`);
      expect(answer.backend).toBe('webgpu');
      expect(answer.stages).toEqual(
        expect.arrayContaining(['sight', 'plan', 'network', 'check', 'reconcile', 'finish']),
      );
      const refined = {
        ...native.scene,
        ...Object.fromEntries(Object.entries(answer.arrays).map(([name, values]) => [name, Float32Array.from(values)])),
      };
      const difference = sceneDifference(refined, native.scene);
      tell('WebGPU on SwiftShader to native CPU', difference.largest);
      expect(difference.largest).toBeLessThanOrEqual(1e-3);
    } finally {
      await browser.close();
      await server.close();
    }
  },
);
