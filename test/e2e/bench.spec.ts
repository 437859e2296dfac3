import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { modeArguments } from '../../electron/window/graphics.ts';
import { parseCameraFile } from '../../renderer/core/camera-file.ts';
import { renderReference } from '../../renderer/core/reference-render.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { psnr } from '../gpu/psnr.ts';
import { serve } from '../serve.ts';
import { ROOT } from './app.ts';

const SAMPLE = join(ROOT, 'test/data/scenes/sample.ply');
const VIEW = { position: [1.1, -1.4, 1.9], target: [0, 0, 0], up: [0, 0, 1] } as const;
const FOV_Y_DEGREES = 32;
const [WIDTH, HEIGHT] = [640, 360];

test('the bench page draws what it is asked for, as the CPU twin does', async () => {
  const { address, close } = await serve((path) => (path === '/sample.ply' ? SAMPLE : join(ROOT, 'dist/page', path)));
  const [executablePath, ...switches] = JSON.parse(process.env['SPLATFORMER_ELECTRON'] ?? '[]') as [string];
  const host = join(import.meta.dirname, 'outside-page');
  const args = [...switches, ...modeArguments('software'), host, `${address}/bench.html`];
  const app = await _electron.launch({ executablePath, args, timeout: 60_000 });
  try {
    const page = await app.firstWindow();
    await page.waitForFunction(() => window.adapter !== undefined || window.adapterError !== undefined);
    const answer = await page.evaluate(
      async ({ url, view, fovY }) => {
        const { adapter } = window;
        if (adapter === undefined) throw new Error(window.adapterError);
        const missing = await adapter.load(`${url}.missing`).catch(String);
        await adapter.load(url);
        adapter.setCamera({ ...view, fovY });
        await adapter.renderFrame();
        await adapter.settled();
        const { width, height, data } = await adapter.pixels();
        return { missing, info: adapter.info, width, height, data: [...data] };
      },
      { url: `${address}/sample.ply`, view: VIEW, fovY: FOV_Y_DEGREES },
    );
    expect(answer.missing).toContain('could not be read: the server says 404.');
    expect(answer.info.api).toBe('WebGPU');
    expect([answer.width, answer.height]).toEqual([WIDTH, HEIGHT]);
    const source = await openFileSource(SAMPLE);
    const scene = await readScene(source).finally(() => source.close());
    const camera = parseCameraFile({ ...VIEW, fovYDegrees: FOV_Y_DEGREES }, WIDTH, HEIGHT);
    const twin = renderReference(scene, camera, [0, 0, 0]);
    expect(
      psnr(
        Float32Array.from(answer.data, (value) => value / 255),
        twin,
      ),
    ).toBeGreaterThan(45);
  } finally {
    await app.close();
    close();
  }
});
