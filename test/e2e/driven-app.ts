import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT, answerCloseQuestion, answerOpenDialog, answerSaveDialog, clickMenu, launchWith } from './app.ts';
import type { RunningApp } from './app.ts';
import { processTree, survivors } from './process-tree.ts';
import type { RunningProcess } from './process-tree.ts';
import { until } from './until.ts';

/** What the window has said since the last step began, and whether something is under way. */
export interface Said {
  readonly messages: readonly string[];
  readonly isBusy: boolean;
}

/** Notes in the page what its line at the bottom and its notice say, however briefly. */
const NOTE_MESSAGES = `(() => {
  const scope = globalThis;
  if (scope.saidSoFar !== undefined) return;
  const places = ['#status .message', '#notice'].map((id) => document.querySelector(id));
  if (places.includes(null)) return;
  scope.saidSoFar = [];
  const note = () => {
    for (const { hidden, textContent } of places)
      if (!hidden && textContent !== '' && scope.saidSoFar.at(-1) !== textContent) scope.saidSoFar.push(textContent);
  };
  note();
  const watch = new MutationObserver(note);
  for (const place of places)
    watch.observe(place, { childList: true, characterData: true, subtree: true, attributeFilter: ['hidden'] });
})()`;

/**
 * The real app, used by its menu and looked at through main: a page that ended and came back is another one to
 * Playwright.
 */
export class DrivenApp {
  /** All processes that were ever seen. */
  private readonly seen = new Map<number, RunningProcess>();

  private constructor(private readonly running: RunningApp) {}

  static async launch(model: string, userData?: string): Promise<DrivenApp> {
    const app = new DrivenApp(await launchWith(userData === undefined ? {} : { userData }, `--model=${model}`));
    // Refinements that were not saved are no matter here.
    await answerCloseQuestion(app.running, 'Discard', 'Stop It');
    await app.settled(/^(Opened|Restored)/);
    return app;
  }

  get pid(): number {
    return this.running.app.process().pid ?? NaN;
  }

  /** The processes of the app now. */
  get processes(): readonly RunningProcess[] {
    const tree = processTree(this.pid);
    for (const one of tree) this.seen.set(one.pid, one);
    return tree;
  }

  /** Kills the process of the app whose command line fits. Tells whether there was one. */
  kill(mark: RegExp): boolean {
    const found = this.processes.find(({ command }) => mark.test(command));
    if (found !== undefined) process.kill(found.pid, 'SIGKILL');
    return found !== undefined;
  }

  inPage<T>(code: string): Promise<T> {
    return this.running.app.evaluate(
      ({ BrowserWindow }, text) =>
        BrowserWindow.getAllWindows()[0].webContents.executeJavaScript(text) as Promise<unknown>,
      code,
    ) as Promise<T>;
  }

  async said(): Promise<Said> {
    await this.inPage(NOTE_MESSAGES);
    return this.inPage<Said>(`(() => {
      const job = document.querySelector('#job');
      return { messages: globalThis.saidSoFar ?? [], isBusy: job !== null && !job.hidden };
    })()`);
  }

  /** Lets what is unsaved go where the window asks about it, as a person does who wants to go on. */
  private discardIfAsked(): Promise<void> {
    return this.inPage(`(() => {
      const question = [...document.querySelectorAll('wa-dialog[open]')].find((one) =>
        one.textContent.includes('unsaved changes'),
      );
      [...(question?.querySelectorAll('button, wa-button') ?? [])]
        .find((one) => one.textContent.trim() === 'Discard')
        ?.click();
    })()`);
  }

  /** Waits until nothing is under way and the window has said what fits since the last step began. Resolves with it. */
  settled(words: RegExp, seconds = 240): Promise<string> {
    let last = '';
    const look = async (): Promise<string | undefined> => {
      // A page that is loading again answers nothing.
      const said = await Promise.race([
        this.discardIfAsked()
          .then(() => this.said())
          .catch(() => undefined),
        new Promise<undefined>((resolve) => setTimeout(resolve, 2000, undefined)),
      ]);
      last = JSON.stringify(said);
      return said?.isBusy === false ? said.messages.find((message) => words.test(message)) : undefined;
    };
    return until('', look, seconds).catch(() => {
      throw new Error(`The window should say ${String(words)}, but it says ${last}.`);
    });
  }

  /** Waits until nothing has been under way for three seconds. */
  async quiet(): Promise<void> {
    let since = Infinity;
    await until('something is under way all the time', async () => {
      const said = await this.said().catch(() => undefined);
      if (said?.isBusy !== false) since = Infinity;
      else since = Math.min(since, performance.now());
      return performance.now() - since > 3000 ? true : undefined;
    });
  }

  private async begin(): Promise<void> {
    await this.inPage(`${NOTE_MESSAGES}; globalThis.saidSoFar?.splice(0)`);
  }

  async open(path: string): Promise<void> {
    await this.begin();
    await answerOpenDialog(this.running, path);
    await clickMenu(this.running, 'file.open');
  }

  /** Refines; the menu item is enabled a moment after the scene is there. */
  async refine(): Promise<void> {
    await this.begin();
    await until('Refine is greyed out', () => this.click('refine.run'));
  }

  async saveAs(path: string): Promise<void> {
    await this.begin();
    await answerSaveDialog(this.running, path);
    await until('Save As is greyed out', () => this.click('file.saveAs'));
    await until('no dialog of formats', () =>
      this.inPage<boolean>(
        `(() => {
        const format = document.querySelector('.save-format input[value="inria-ply"]');
        const place = [...document.querySelectorAll('button')].find((b) => b.textContent === 'Choose Place…');
        if (format === null || place === undefined) return false;
        format.click();
        place.click();
        return true;
      })()`,
      ).then((isDone) => isDone || undefined),
    );
  }

  /** Adds a folder to the batch by its dialog. */
  async addToBatch(folder: string): Promise<void> {
    await clickMenu(this.running, 'refine.batch');
    await answerOpenDialog(this.running, folder);
    await until('no list of the batch', () =>
      this.clickButton('Add folder…').then(
        () => true as const,
        () => undefined,
      ),
    );
  }

  /** The counts of the batch, in words. */
  batchText(): Promise<string> {
    return this.inPage<string>(`document.querySelector('.batch-summary')?.textContent ?? ''`);
  }

  /** Presses a button that can be seen. @throws Error where there is none */
  async clickButton(label: string): Promise<void> {
    const isThere = await this.inPage<boolean>(`(() => {
      const button = [...document.querySelectorAll('button, wa-button')].find(
        (one) => one.textContent.trim() === ${JSON.stringify(label)} && one.checkVisibility() && !one.disabled,
      );
      button?.click();
      return button !== undefined;
    })()`);
    if (!isThere) throw new Error(`There is no button ${label}.`);
  }

  /** Starts the app once more with the same settings, and waits for the end of that start. */
  async startedAgain(userData: string, scene: string): Promise<void> {
    const [executable, ...switches] = JSON.parse(process.env['SPLATFORMER_ELECTRON'] ?? '[]') as [string, ...string[]];
    const args = [...switches, '--graphics=software', `--user-data-dir=${userData}`, ROOT, scene];
    const again = spawn(executable, args, { stdio: 'ignore' });
    await once(again, 'exit');
  }

  /** What the page's scripts hold once the garbage is collected, in MiB. */
  heapMebibytes(): Promise<number> {
    return this.running.app.evaluate(async ({ BrowserWindow }) => {
      const { debugger: session } = BrowserWindow.getAllWindows()[0].webContents;
      if (!session.isAttached()) session.attach();
      await session.sendCommand('HeapProfiler.collectGarbage');
      const { usedSize } = (await session.sendCommand('Runtime.getHeapUsage')) as { usedSize: number };
      return usedSize / 2 ** 20;
    });
  }

  private click(id: string): Promise<true | undefined> {
    return clickMenu(this.running, id).then(
      () => true as const,
      () => undefined,
    );
  }

  /** Opens, refines and saves, undisturbed. @throws Error where the app does not do that any more */
  async goesOn(scene: string, folder: string): Promise<void> {
    await this.open(scene);
    await this.settled(/^Opened/);
    await this.refine();
    await this.settled(/^Refined/);
    await this.saveAs(join(folder, 'afterwards.ply'));
    await this.settled(/^Saved/);
  }

  /** Quits. @throws Error where one of its processes is still there */
  async close(): Promise<void> {
    void this.processes;
    await answerCloseQuestion(this.running, 'Discard', 'Stop It').catch(() => undefined);
    await this.running.close();
    await this.expectGone();
  }

  /** @throws Error where one of its processes is still there after a while */
  async expectGone(): Promise<void> {
    const left = (): readonly RunningProcess[] => survivors([...this.seen.values()]);
    await until('', () => (left().length === 0 ? true : undefined), 20).catch(() => {
      const names = left().map(({ pid, command }) => `${pid} ${command.slice(0, 80)}`);
      for (const { pid } of left()) process.kill(pid, 'SIGKILL');
      throw new Error(`Left running: ${names.join('; ')}`);
    });
  }
}
