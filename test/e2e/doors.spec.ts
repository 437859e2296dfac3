import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ProjectZip } from '../../electron/files/project-zip.ts';
import type { ProjectFile } from '../../renderer/bridge/project.ts';
import { writeProject } from '../../renderer/project/project-schema.ts';
import { dataPath } from '../test-data.ts';
import { launch } from './app.ts';
import type { RunningApp } from './app.ts';

/** Calls a handler of main as a page does whose process is taken over: past the preload script. */
function invoke({ app }: RunningApp, channel: string, ...parameters: unknown[]): Promise<unknown> {
  return app.evaluate(
    async ({ ipcMain, BrowserWindow }, call) => {
      const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, (...all: unknown[]) => unknown> })
        ._invokeHandlers;
      const [window] = BrowserWindow.getAllWindows();
      const handler = handlers.get(call.channel);
      if (handler === undefined) throw new Error(`Main answers no ${call.channel}.`);
      const event = { sender: window.webContents, senderFrame: window.webContents.mainFrame };
      return await handler(event, ...call.parameters);
    },
    { channel, parameters },
  );
}

test('a page that is taken over runs no code of its own making, goes nowhere and opens nothing', async () => {
  const running = await launch();
  const { app, page, folder } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    await app.evaluate(({ shell }) => {
      const opened: string[] = [];
      Object.assign(globalThis, { openedPages: opened });
      shell.openExternal = (url) => Promise.resolve(void opened.push(url));
    });
    const ran = await page.evaluate(async () => {
      const CODE = 'globalThis.isTakenOver = true; globalThis.postMessage?.("ran")';
      const inBlob = URL.createObjectURL(new Blob([CODE], { type: 'text/javascript' }));
      const inData = `data:text/javascript,${encodeURIComponent(CODE)}`;
      const passed: string[] = [];
      const scope = globalThis as { isTakenOver?: boolean };
      for (const url of [inBlob, inData]) {
        await new Promise<void>((resolve) => {
          const script = Object.assign(document.createElement('script'), { src: url });
          script.onload = () => resolve(void passed.push(`script ${url}`));
          script.onerror = () => resolve();
          document.head.append(script);
        });
        await import(url).then(
          () => passed.push(`import ${url}`),
          () => undefined,
        );
        await new Promise<void>((resolve) => {
          try {
            const worker = new Worker(url);
            worker.onmessage = () => resolve(void passed.push(`worker ${url}`));
            worker.onerror = () => resolve();
          } catch {
            resolve();
          }
        });
      }
      // The icons come from data: addresses, which hold nothing that the page has not got.
      await fetch(inBlob).then(
        () => passed.push('fetch'),
        () => undefined,
      );
      document.head.append(Object.assign(document.createElement('script'), { textContent: CODE }));
      const button = document.createElement('button');
      button.setAttribute('onclick', CODE);
      button.click();
      const frame = Object.assign(document.createElement('iframe'), { srcdoc: `<script>parent.${CODE}</script>` });
      document.body.append(frame);
      for (let i = 0; i < 100; i++) if (window.open('https://github.com/') !== null) passed.push(`window.open ${i}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
      frame.remove();
      if (scope.isTakenOver === true) passed.push('inline code');
      return passed;
    });
    expect(ran).toEqual([]);
    expect(await app.evaluate(() => (globalThis as unknown as { openedPages: string[] }).openedPages)).toEqual([]);
    expect(app.windows()).toHaveLength(1);

    // Playwright would wait for the end of navigations that never are; a page that is going answers nothing.
    const inPage = (code: string): Promise<string> =>
      app
        .evaluate(
          ({ BrowserWindow }, text) =>
            BrowserWindow.getAllWindows()[0].webContents.executeJavaScript(text) as Promise<string>,
          code,
        )
        .catch(() => 'gone');
    const look = (): Promise<string> =>
      inPage('[location.href, globalThis.isOld, document.querySelector("#status .message")?.textContent].join(" ")');
    await inPage('void (globalThis.isOld = "old")');
    // A page that is left before its session was first kept opens its scene anew.
    const session = join(folder, 'user-data', 'session', 'project.json');
    await expect.poll(() => existsSync(session)).toBe(true);
    for (const place of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,x', 'about:blank']) {
      await inPage(`void (location.href = ${JSON.stringify(place)})`);
      // Nobody is asked about the last one: the page is left, and comes anew with what was open.
      const wanted = place === 'about:blank' ? ' Restored' : 'old Opened';
      await expect.poll(look).toMatch(new RegExp(`^app://splatformer/index\\.html ${wanted} sample\\.ply`));
    }
  } finally {
    await running.close();
  }
});

test('a page that is taken over gets scenes, cameras and checkpoints by their paths, and no other file', async () => {
  const running = await launch();
  const { page, folder } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    const secret = join(folder, 'secret.ply');
    await writeFile(secret, '-----BEGIN OPENSSH PRIVATE KEY-----\n');
    for (const channel of ['openDropped', 'openDroppedModel', 'openDroppedCameras'])
      for (const path of [secret, '/etc/passwd', '/proc/self/environ', '/dev/zero', folder])
        expect(await invoke(running, channel, path), `${channel} ${path}`).toMatchObject({ ok: false });
    expect(await invoke(running, 'openDropped', dataPath('scenes/plant.splat'))).toMatchObject({ ok: true });

    // Nor by way of a project, which names what it likes: nothing of it is read, and nothing written there.
    const profile = join(folder, '.profile');
    await writeFile(profile, 'precious');
    const project = join(folder, 'forged.sfproj');
    const zip = new ProjectZip();
    const places = { scene: { absolute: secret }, cameras: { absolute: secret }, saved: { absolute: profile } };
    const pose = { position: [0, 0, 2], target: [0, 0, 0], orientation: [0, 0, 0, 1], fovYDegrees: 50 } as const;
    const shown = { shown: 'before', panel: '', showGrid: false, showAxes: false, features: {} } as const;
    const state = { sceneName: 'secret.ply', held: {}, pose, ...shown };
    await writeFile(project, Buffer.concat(zip.end(writeProject({ app: '0.1.0', places, state }))));
    const opened = (await invoke(running, 'openDropped', project)) as {
      readonly ok: true;
      readonly value: ProjectFile;
    };
    expect(opened).toMatchObject({ ok: true, value: { scene: { status: 'missing' }, missing: ['secret.ply'] } });
    expect(opened.value.cameras).toBeUndefined();
    expect(await invoke(running, 'saveAgain', opened.value.saved?.id)).toMatchObject({ ok: false });
    expect(await readFile(profile, 'utf8')).toBe('precious');

    // Nor by way of the batch, which takes files as they are.
    const added = (await invoke(running, 'batchAddDropped', [secret])) as { readonly ok: boolean };
    expect(added).toMatchObject({ ok: true });
    const view = (await invoke(running, 'batchView')) as {
      readonly value: { readonly rows: readonly { readonly id: string }[] };
    };
    const [item] = view.value.rows;
    expect(await invoke(running, 'batchScene', item.id, 'input')).toMatchObject({ ok: false });
  } finally {
    await running.close();
  }
});
