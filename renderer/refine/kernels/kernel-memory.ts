import { KERNELS } from './fragment-kernels.ts';

type Kernel = (...numbers: number[]) => number;

/** What fragment.kernel.ts exports: takes bytes of the memory, counts and factors, as told there. */
type Kernels = { readonly memory: WebAssembly.Memory } & Readonly<
  Record<
    | 'firstFreeByte'
    | 'project'
    | 'sort'
    | 'draw'
    | 'settle'
    | 'sumSeen'
    | 'sumWeighted'
    | 'list'
    | 'describe'
    | 'render'
    | 'addGradient'
    | 'visitDerivatives'
    | 'scale',
    Kernel
  >
>;

/** Bytes of a page of WebAssembly's memory, and what four numbers are aligned to. */
const page = 65536;
const alignment = 16;
/** Pages that a memory can have: 4 GiB. */
const mostPages = 65536;

let compiled: WebAssembly.Module | undefined;

/**
 * An instance of the kernels with a memory of its own, of which pieces are taken and never given back. Views of it hold
 * until it grows: by the next piece that is taken, or by `draw`.
 */
export class KernelMemory {
  readonly kernels: Kernels;
  private end: number;

  constructor() {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNELS), (letter) => letter.charCodeAt(0)));
    this.kernels = new WebAssembly.Instance(compiled).exports as unknown as Kernels;
    this.end = aligned(this.kernels.firstFreeByte());
  }

  /** First byte that no piece takes. */
  get free(): number {
    return this.end;
  }

  /** Takes a piece, and returns its first byte. @throws RangeError where memory ends */
  take(bytes: number): number {
    const from = this.end;
    this.end = aligned(from + bytes);
    this.reach(this.end);
    return from;
  }

  /** Makes the memory reach up to a byte. @throws RangeError where it can't */
  reach(end: number): void {
    const { memory } = this.kernels;
    const had = memory.buffer.byteLength / page;
    const pages = Math.ceil(end / page) - had;
    if (pages <= 0) return;
    // To the collector each growth is a buffer of the whole size: after some of a page each it would run all the time.
    // Pages that nobody writes to take no memory.
    const ample = Math.min(Math.max(pages, Math.ceil(had / 2)), mostPages - had);
    try {
      memory.grow(Math.max(pages, ample));
    } catch (error) {
      if (!(error instanceof RangeError) || ample <= pages) throw error;
      memory.grow(pages);
    }
  }

  /** Takes a piece that holds these numbers. */
  keep(values: Float32Array | Int32Array | Uint32Array): number {
    const from = this.take(values.byteLength);
    const Kind = values.constructor as Float32ArrayConstructor;
    new Kind(this.kernels.memory.buffer, from, values.length).set(values);
    return from;
  }

  floats(from: number, length: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, from, length);
  }

  integers(from: number, length: number): Int32Array {
    return new Int32Array(this.kernels.memory.buffer, from, length);
  }

  unsigned(from: number, length: number): Uint32Array {
    return new Uint32Array(this.kernels.memory.buffer, from, length);
  }
}

function aligned(byte: number): number {
  return Math.ceil(byte / alignment) * alignment;
}
