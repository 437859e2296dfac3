import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { modeArguments } from '../../../electron/window/graphics.ts';
import type { BenchAdapter, BenchCamera, BenchPixels } from '../../../renderer/bench/bench-adapter.ts';
import { processTree } from '../../e2e/process-tree.ts';

/** Clock ticks a second in /proc, on every Linux that this runs on. */
const TICKS = 100;

/** What a page draws with: `renderFrame` in the order of its camera, `stale` as PlayCanvas does by itself. */
export type Drawing = 'renderFrame' | 'stale';

/** What the PlayCanvas page has beyond the project's. */
type Adapter = BenchAdapter & {
  readonly stale: () => Promise<void>;
  readonly sorted?: () => Promise<void>;
  readonly pixels: (drawing: Drawing) => Promise<BenchPixels>;
};

/** The browser of the app's own Electron on the software adapter, with a window for each page. */
export class PeerBrowser {
  private constructor(private readonly app: ElectronApplication) {}

  static async launch(): Promise<PeerBrowser> {
    const [executablePath, ...switches] = JSON.parse(process.env['SPLATFORMER_ELECTRON'] ?? '[]') as [string];
    const host = join(import.meta.dirname, '../../e2e/outside-page');
    const args = [...switches, ...modeArguments('software'), host, 'about:blank'];
    const app = await _electron.launch({ executablePath, args, timeout: 120_000 });
    await app.firstWindow();
    return new PeerBrowser(app);
  }

  async versions(): Promise<string> {
    const { electron, chrome } = await this.app.evaluate(() => process.versions as Record<string, string>);
    return `Electron ${electron}, Chromium ${chrome}`;
  }

  /** @throws Error where the page says that it can't draw here */
  async open(address: string): Promise<PeerPage> {
    const opened = this.app.waitForEvent('window');
    await this.app.evaluate(({ BrowserWindow }, url) => {
      // A page behind another one must not be slowed down.
      const window = new BrowserWindow({ width: 700, height: 420, webPreferences: { backgroundThrottling: false } });
      void window.loadURL(url);
    }, address);
    const page = await opened;
    page.setDefaultTimeout(120_000);
    await page.waitForFunction(() => window.adapter !== undefined || window.adapterError !== undefined);
    const error = await page.evaluate(() => window.adapterError);
    if (error !== undefined) throw new Error(`${address}: ${error}`);
    return new PeerPage(page);
  }

  /** Processor seconds that `work` took in all processes of the browser. */
  async measure(work: () => Promise<void>): Promise<number> {
    const root = this.app.process().pid ?? 0;
    const before = processorTicks(root);
    await work();
    const after = processorTicks(root);
    let ticks = 0;
    for (const [pid, value] of after) ticks += value - (before.get(pid) ?? 0);
    return ticks / TICKS;
  }

  close(): Promise<void> {
    return this.app.close();
  }
}

/** A page with `window.adapter`, as docs/testing.md describes it. */
export class PeerPage {
  constructor(private readonly page: Page) {}

  /** Loads a scene and draws its first picture. */
  async load(url: string, camera: BenchCamera): Promise<void> {
    await this.page.evaluate(
      async ({ url, camera }) => {
        const adapter = window.adapter!;
        adapter.setCamera(camera);
        await adapter.load(url);
        await adapter.renderFrame();
      },
      { url, camera },
    );
  }

  async draw(drawing: Drawing, cameras: readonly BenchCamera[]): Promise<void> {
    await this.page.evaluate(
      async ({ drawing, cameras }) => {
        const adapter = window.adapter as Adapter;
        for (const camera of cameras) {
          adapter.setCamera(camera);
          await adapter[drawing]();
        }
        // What a frame asked for belongs to it: an order that is still in the making does.
        await adapter.sorted?.();
      },
      { drawing, cameras },
    );
  }

  /** The next frame of a camera that moves: (height, width, 4) RGBA, 8 bits, top row first, over black. */
  async pixels(drawing: Drawing, camera: BenchCamera): Promise<{ width: number; height: number; data: Uint8Array }> {
    const { width, height, text } = await this.page.evaluate(
      async ({ drawing, camera }) => {
        const adapter = window.adapter as Adapter;
        adapter.setCamera(camera);
        const { width, height, data } = await adapter.pixels(drawing);
        return { width, height, text: [...data].join(' ') };
      },
      { drawing, camera },
    );
    return { width, height, data: Uint8Array.from(text.split(' '), Number) };
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** User and system time of each process of the tree. */
function processorTicks(root: number): ReadonlyMap<number, number> {
  const ticks = new Map<number, number>();
  for (const { pid } of processTree(root)) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks.set(pid, Number(fields[11]) + Number(fields[12]));
  }
  return ticks;
}
