import { MessageChannelMain, utilityProcess } from 'electron';
import type { UtilityProcess, WebContents } from 'electron';
import { PORTS } from '../../renderer/bridge/events.ts';
import type { LogFile } from '../log.ts';

/** Owns the process that runs native inference. It is started at the first wish and again after it died. */
export class InferenceHost {
  private process: UtilityProcess | undefined;

  constructor(
    private readonly script: string,
    private readonly log: LogFile,
  ) {}

  /** Gives the page a private line to the inference process. */
  connect(page: WebContents): void {
    const { port1, port2 } = new MessageChannelMain();
    this.ensure().postMessage('connect', [port1]);
    page.postMessage(PORTS.inference, null, [port2]);
  }

  stop(): void {
    this.process?.kill();
    this.process = undefined;
  }

  private ensure(): UtilityProcess {
    if (this.process !== undefined) return this.process;
    const child = utilityProcess.fork(this.script, [], {
      serviceName: 'SplatFormer inference',
      stdio: 'pipe',
      // Waiting threads must not spin: the page renders at the same time.
      env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
    });
    child.stderr?.on('data', (chunk: Buffer) =>
      this.log.write('warning', `inference: ${chunk.toString('utf8').trimEnd()}`),
    );
    child.on('exit', (code) => {
      this.log.write(code === 0 ? 'info' : 'error', `The inference process ended with code ${code}.`);
      if (this.process === child) this.process = undefined;
    });
    this.process = child;
    return child;
  }
}
