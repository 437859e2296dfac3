import { serveSceneTasks } from '../../../renderer/workers/scene-handlers.ts';

/**
 * A Worker whose far side runs the real handlers in this thread, over a real MessageChannel: clones and transfers hold.
 */
export class LoopbackWorker {
  static readonly alive = new Set<LoopbackWorker>();
  static scripts: string[] = [];
  onmessage: ((event: MessageEvent) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  private readonly channel = new MessageChannel();

  constructor(script: URL) {
    LoopbackWorker.alive.add(this);
    LoopbackWorker.scripts.push(script.pathname);
    serveSceneTasks(this.channel.port2);
    this.channel.port1.onmessage = (event) => this.onmessage?.(event);
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.channel.port1.postMessage(message, transfer);
  }

  terminate(): void {
    this.channel.port1.close();
    LoopbackWorker.alive.delete(this);
  }
}
