import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';
import { modeArguments } from '../../electron/window/graphics.ts';
import { parseCameraFile } from '../../renderer/core/camera-file.ts';
import { renderReference } from '../../renderer/core/reference-render.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { psnr } from '../gpu/psnr.ts';
import { ROOT } from './app.ts';

const SAMPLE = join(ROOT, 'test/data/scenes/sample.ply');
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };
const VIEW = { position: [1.1, -1.4, 1.9], target: [0, 0, 0], up: [0, 0, 1] } as const;
const FOV_Y_DEGREES = 32;
const [WIDTH, HEIGHT] = [640, 360];

/** Serves the built page as any web server would, and the sample beside it. */
async function serve(): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = path === '/sample.ply' ? SAMPLE : join(ROOT, 'dist/page', path);
    readFile(file).then(
      (bytes) => response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream').end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('the bench page draws what it is asked for, as the CPU twin does', async () => {
  const { server, address } = await serve();
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
    server.close();
  }
});
