import { MessageChannelMain, utilityProcess } from 'electron';
import type { UtilityProcess, WebContents } from 'electron';
import { PORTS } from '../../renderer/bridge/events.ts';
import type { InferenceAnswer, InferenceRequest } from '../../renderer/bridge/inference-messages.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import type { LogFile } from '../log.ts';

const SERVICE_NAME = 'SplatFormer inference';

/** Owns the process that runs native inference. It is started at the first wish and again after it died. */
export class InferenceHost {
  private process: UtilityProcess | undefined;
  /** Processes that are ended on purpose and have not said so yet. */
  private ending = 0;

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

  /**
   * Refines one scene for main itself. Resolves with the number of splats in the answer.
   * @throws SplatError what the refinement threw, `io` where the process ended
   */
  refine(request: InferenceRequest): Promise<number> {
    const { port1, port2 } = new MessageChannelMain();
    this.ensure().postMessage('connect', [port1]);
    return new Promise((resolve, reject) => {
      port2.on('message', ({ data }: { data: InferenceAnswer }) => {
        if (data.kind === 'done') resolve(data.report.outputSplats);
        else if (data.kind === 'failed') reject(SplatError.fromRecord(data.failure));
      });
      port2.on('close', () => reject(new SplatError('io', 'The inference process ended.')));
      port2.start();
      port2.postMessage(request);
    });
  }

  stop(): void {
    if (this.process?.kill() === true) this.ending += 1;
    this.process = undefined;
  }

  /** Whether the end of a process of this name was asked for: Cancel is no error. Each end is asked about once. */
  wasStopped(name: string | undefined): boolean {
    if (name !== SERVICE_NAME || this.ending === 0) return false;
    this.ending -= 1;
    return true;
  }

  private ensure(): UtilityProcess {
    if (this.process !== undefined) return this.process;
    const child = utilityProcess.fork(this.script, [], {
      serviceName: SERVICE_NAME,
      stdio: 'pipe',
      // Waiting threads must not spin: the page renders at the same time.
      env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
    });
    child.stderr?.on('data', (chunk: Buffer) =>
      this.log.write('warning', `inference: ${chunk.toString('utf8').trimEnd()}`),
    );
    child.on('exit', (code) => {
      // One that was ended on purpose is no longer this host's.
      const isFailure = code !== 0 && this.process === child;
      this.log.write(isFailure ? 'error' : 'info', `The inference process ended with code ${code}.`);
      if (this.process === child) this.process = undefined;
    });
    this.process = child;
    return child;
  }
}
