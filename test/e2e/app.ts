import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { dataPath } from '../test-data.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
export const SCREENSHOTS = join(ROOT, 'test-results/screenshots');

/** Runs the app for Playwright; see there. */
const ATTACHED_APP = join(import.meta.dirname, 'attached-app');

/** The built app, running, with a user-data folder of its own. */
export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Scratch folder, gone after `close`. */
  readonly folder: string;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** Folder of the app; the project by default. */
  readonly appFolder?: string;
  /** User-data folder that outlives the start; by default a fresh one in the scratch folder. */
  readonly userData?: string;
  /** Opens what comes with the app where no scene is named; by default a small scene stands in for it. */
  readonly hasShippedSample?: boolean;
}

/** Starts the app on software graphics; `npm test` says by SPLATFORMER_ELECTRON which Electron to run. */
export function launch(...args: string[]): Promise<RunningApp> {
  return launchWith({}, ...args);
}

export async function launchWith(
  { appFolder = ROOT, userData, hasShippedSample = false }: LaunchOptions,
  ...appArguments: string[]
): Promise<RunningApp> {
  const launcher = process.env['SPLATFORMER_ELECTRON'];
  if (launcher === undefined) throw new Error('Start these tests with npm test: it names the Electron to run.');
  const [executablePath, ...switches] = JSON.parse(launcher) as [string, ...string[]];
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-e2e-'));
  const args = [
    ...switches,
    '--graphics=software',
    `--user-data-dir=${userData ?? join(folder, 'user-data')}`,
    ATTACHED_APP,
    appFolder,
    ...(hasShippedSample ? [] : [`--sample=${dataPath('scenes/sample.ply')}`]),
    ...appArguments,
  ];
  const app = await _electron.launch({ executablePath, colorScheme: null, args, timeout: 60_000 });
  askAgainForLostAnswers(app);
  const page = await app.firstWindow();
  return {
    app,
    page,
    folder,
    close: async () => {
      // An app that is gone asks nothing.
      await answerCloseQuestion({ app }, 'Discard', 'Stop It').catch(() => undefined);
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface MainCall {
  readonly id: number;
  readonly source: string;
  readonly argument: unknown;
}

/**
 * Now and then V8 collects the promise that stands for the answer of `app.evaluate` before the main process has
 * answered ("Resulting promise was garbage collected"). Asking again is safe only where the code has not run twice, so
 * the main process keeps its last answers.
 */
function askAgainForLostAnswers(app: ElectronApplication): void {
  const evaluate = app.evaluate.bind(app) as (
    body: (electron: unknown, call: MainCall) => unknown,
    call: MainCall,
  ) => Promise<unknown>;
  let calls = 0;
  const evaluateOnce = async (body: unknown, argument?: unknown): Promise<unknown> => {
    const call: MainCall = { id: calls++, source: String(body), argument };
    for (;;) {
      try {
        return await evaluate((electron, { id, source, argument: given }) => {
          const scope = globalThis as unknown as { keptAnswers?: Map<number, unknown> };
          scope.keptAnswers ??= new Map();
          if (!scope.keptAnswers.has(id)) {
            const run = (0, eval)(`(${source})`) as (electron: unknown, argument: unknown) => unknown;
            scope.keptAnswers.set(id, run(electron, given));
            scope.keptAnswers.delete(id - 8);
          }
          return scope.keptAnswers.get(id);
        }, call);
      } catch (error) {
        if (!String(error).includes('promise was garbage collected')) throw error;
      }
    }
  };
  app.evaluate = evaluateOnce as typeof app.evaluate;
}

/** Answers the next save dialogs with `path`. */
export async function answerSaveDialog({ app }: RunningApp, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** Chooses a format in the dialog that precedes a scene's save dialog. */
export async function chooseFormat({ page }: RunningApp, format = 'inria-ply'): Promise<void> {
  await page.locator(`.save-format input[value="${format}"]`).check();
  const place = page.getByRole('button', { name: 'Choose Place…' });
  await place.click();
  // Where the window closes once the file is written, it may be gone before its dialog is.
  await place.waitFor({ state: 'hidden' }).catch((error: unknown) => {
    if (!page.isClosed()) throw error;
  });
}

/** Saves the scene by File > Save As…. */
export async function saveSceneAs(running: RunningApp, path: string, format?: string): Promise<void> {
  await answerSaveDialog(running, path);
  await clickMenu(running, 'file.saveAs');
  await chooseFormat(running, format);
}

/** Answers the next open dialogs with `path`. */
export async function answerOpenDialog({ app }: RunningApp, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);
}

/**
 * Answers main's next questions with the button of one of these labels, a moment later as a person would. Resolves with
 * a way to read what was asked since.
 */
export async function answerCloseQuestion(
  { app }: Pick<RunningApp, 'app'>,
  ...labels: readonly string[]
): Promise<() => Promise<string[]>> {
  await app.evaluate(({ dialog }, wanted) => {
    const asked: string[] = [];
    Object.assign(globalThis, { askedOnClose: asked });
    dialog.showMessageBox = ((_window: unknown, { message, buttons = [] }: Electron.MessageBoxOptions) => {
      asked.push(message);
      return new Promise((resolve) =>
        setTimeout(
          () => resolve({ response: buttons.findIndex((label) => wanted.includes(label)), checkboxChecked: false }),
          100,
        ),
      );
    }) as typeof dialog.showMessageBox;
  }, labels);
  return () => app.evaluate(() => (globalThis as unknown as { askedOnClose: string[] }).askedOnClose);
}

/** Runs a menu command by clicking its item in the native menu. */
export async function clickMenu({ app }: RunningApp, id: string): Promise<void> {
  await app.evaluate(({ Menu }, itemId) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(itemId);
    if (item === null || item === undefined) throw new Error(`The menu has no item ${itemId}.`);
    if (!item.enabled) throw new Error(`The menu item ${itemId} is greyed out.`);
    item.click();
  }, id);
}

/** Notes from now on whether an element is ever shown, however briefly: asking now and then would miss it. */
export async function watchShown(page: Page, selector: string): Promise<() => Promise<boolean>> {
  const note = await page.evaluateHandle((wanted) => {
    const seen = { isShown: false };
    const element = document.querySelector<HTMLElement>(wanted);
    if (element === null) throw new Error(`The page has no ${wanted}.`);
    new MutationObserver(() => (seen.isShown ||= !element.hidden)).observe(element, {
      attributes: true,
      attributeFilter: ['hidden'],
    });
    return seen;
  }, selector);
  return () => note.evaluate(({ isShown }) => isShown);
}

/** Drags real files over the middle of the window, as from a file manager. */
export async function dragOver(running: RunningApp, paths: readonly string[]): Promise<void> {
  await drag(running, paths, ['dragEnter', 'dragOver']);
}

/** Drops real files in the middle of the window. */
export async function drop(running: RunningApp, paths: readonly string[]): Promise<void> {
  await drag(running, paths, ['dragEnter', 'dragOver', 'drop']);
}

/** Drops a scene where another is open without unsaved changes, and says what becomes of it. */
export async function dropOver(
  running: RunningApp,
  path: string,
  answer: 'Cancel' | 'Add to the Batch' | 'Open' = 'Open',
): Promise<void> {
  await drop(running, [path]);
  const question = running.page.locator('wa-dialog[open]').filter({ hasText: 'takes the place of' });
  await question.getByRole('button', { name: answer, exact: true }).click();
  await question.waitFor({ state: 'detached' });
}

/**
 * Playwright can't drag files from outside; the protocol below it can, and the page sees files with their real paths.
 */
async function drag(
  { app, page }: RunningApp,
  files: readonly string[],
  types: readonly ('dragEnter' | 'dragOver' | 'drop')[],
): Promise<void> {
  const session = await app.context().newCDPSession(page);
  const { x, y } = await page.evaluate(() => ({ x: innerWidth / 2, y: innerHeight / 2 }));
  const COPY = 1;
  for (const type of types)
    await session.send('Input.dispatchDragEvent', {
      type,
      x,
      y,
      data: { items: [], files: [...files], dragOperationsMask: COPY },
    });
  await session.detach();
}
