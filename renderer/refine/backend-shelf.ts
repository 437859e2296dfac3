import type { InferenceBackend } from './backend.ts';

/**
 * One backend for each device, opened when it is first asked for. One that failed, or whose device was lost, is given
 * back with what it holds; the next job opens another.
 */
export class BackendShelf<Device> {
  private readonly held = new Map<Device, Promise<InferenceBackend>>();

  /** @param release gives back the networks that a backend has loaded */
  constructor(
    private readonly open: (device: Device) => Promise<InferenceBackend>,
    private readonly release: (backend: InferenceBackend) => Promise<void>,
  ) {}

  backendFor(device: Device): Promise<InferenceBackend> {
    const held = this.held.get(device);
    if (held !== undefined) return held;
    const opening = this.open(device);
    this.held.set(device, opening);
    const drop = () => this.drop(device, opening);
    void opening.then(({ lost }) => lost?.then(drop), drop);
    return opening;
  }

  /** Those that are open, once those that are being opened are. */
  async opened(): Promise<InferenceBackend[]> {
    const settled = await Promise.allSettled(this.held.values());
    return settled.filter((made) => made.status === 'fulfilled').map(({ value }) => value);
  }

  /** Gives a backend back; a later one of the same device stays. @param opening as `backendFor` gave it */
  async drop(device: Device, opening: Promise<InferenceBackend>): Promise<void> {
    if (this.held.get(device) !== opening) return;
    this.held.delete(device);
    const backend = await opening.catch(() => undefined);
    if (backend === undefined) return;
    // What is broken may refuse to be released; its device goes all the same.
    await this.release(backend).catch(() => undefined);
    await backend.dispose().catch(() => undefined);
  }
}
