/**
 * Runs asynchronous jobs one after another. ONNX Runtime's web build breaks for good when two runs overlap ("memory
 * access out of bounds" on every later call), so every call into it goes through `ortQueue`.
 */
export class Mutex {
  private tail: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.tail.then(job);
    this.tail = result.catch(() => undefined);
    return result;
  }
}

export const ortQueue = new Mutex();
