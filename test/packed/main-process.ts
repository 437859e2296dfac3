import { WebSocket } from 'undici';

interface Answer {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
  };
}

/** The app's main process, over Node's own debugger. */
export class MainProcess {
  private calls = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id !== undefined) this.waiting.get(answer.id)?.(answer);
    });
  }

  static attach(address: string): Promise<MainProcess> {
    const socket = new WebSocket(address);
    return new Promise((done, fail) => {
      socket.addEventListener('open', () => done(new MainProcess(socket)));
      socket.addEventListener('error', () => fail(new Error(`Nobody answers at ${address}.`)));
    });
  }

  /** Runs a function of Electron's modules and a plain value there; resolves with the JSON that it returns at once. */
  async run<Argument, Value>(
    body: (electron: typeof Electron.CrossProcessExports, argument: Argument) => Value,
    argument: Argument,
  ): Promise<Value> {
    const expression = `(${String(body)})(require('electron'), ${JSON.stringify(argument) ?? 'undefined'})`;
    const id = (this.calls += 1);
    const answer = await new Promise<Answer>((done) => {
      this.waiting.set(id, done);
      const params = { expression, includeCommandLineAPI: true, returnByValue: true };
      this.socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
    });
    this.waiting.delete(id);
    const problem = answer.error?.message ?? answer.result?.exceptionDetails?.exception?.description;
    if (problem !== undefined) throw new Error(problem);
    return answer.result?.result.value as Value;
  }

  close(): void {
    this.socket.close();
  }
}

/** Clicks an item of the native menu by its ID or its label. */
export function clickItem(main: MainProcess, name: string): Promise<void> {
  return main.run(({ Menu }, wanted) => {
    const menu = Menu.getApplicationMenu();
    const items = menu?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
    const item = menu?.getMenuItemById(wanted) ?? items.find(({ label }) => label === wanted);
    if (item === undefined) throw new Error(`The menu has no ${wanted}.`);
    item.click();
  }, name);
}

/** Answers the next save dialogs with a path. */
export function answerSave(main: MainProcess, path: string): Promise<void> {
  return main.run(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** Answers the next open dialogs with a path. */
export function answerOpen(main: MainProcess, path: string): Promise<void> {
  return main.run(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);
}
