/** Passes that one frame may time: before and after of a comparison take six, composing and lines the rest. */
const MAX_PASSES = 12;
const TIMESTAMP_BYTES = 8;
/** Frames whose times may be on their way back at once; a frame beyond them goes untimed. */
const READS = 3;

/** What the device spent on one frame, in milliseconds. */
export interface FrameTimings {
  /** By name of the pass; passes of the same name added up. */
  readonly passes: ReadonlyMap<string, number>;
  /** From the first pass's beginning to the last one's end. */
  readonly total: number;
}

type TimedPass = GPURenderPassDescriptor | GPUComputePassDescriptor;

interface ReadSlot {
  readonly buffer: GPUBuffer;
  isFree: boolean;
}

/**
 * Times each pass of a frame on the device itself (feature timestamp-query). Costs nothing while it is off.
 * Browsers round timestamps, to 100 microseconds in Chromium.
 */
export class FrameProfiler {
  private readonly queries: GPUQuerySet;
  private readonly resolved: GPUBuffer;
  private readonly reads: ReadSlot[];
  private readonly writes: (GPURenderPassTimestampWrites & GPUComputePassTimestampWrites)[];
  private readonly names: string[] = [];
  private slot: ReadSlot | undefined;
  private last: FrameTimings | undefined;
  private active = false;
  /** Called whenever a frame's times have come back. */
  onTimings: ((timings: FrameTimings) => void) | undefined;

  private constructor(device: GPUDevice) {
    this.queries = device.createQuerySet({ label: 'passes', type: 'timestamp', count: MAX_PASSES * 2 });
    const size = MAX_PASSES * 2 * TIMESTAMP_BYTES;
    this.resolved = device.createBuffer({
      label: 'timestamps',
      size,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    this.reads = Array.from({ length: READS }, () => ({
      buffer: device.createBuffer({
        label: 'timestamps read',
        size,
        usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
      }),
      isFree: true,
    }));
    this.writes = Array.from({ length: MAX_PASSES }, (_, i) => ({
      querySet: this.queries,
      beginningOfPassWriteIndex: i * 2,
      endOfPassWriteIndex: i * 2 + 1,
    }));
  }

  /** A profiler, or undefined where the device has no timestamps. */
  static create(device: GPUDevice): FrameProfiler | undefined {
    return device.features.has('timestamp-query') ? new FrameProfiler(device) : undefined;
  }

  get isEnabled(): boolean {
    return this.active;
  }

  set isEnabled(value: boolean) {
    this.active = value;
    if (!value) this.last = undefined;
  }

  /** Times of the last frame that came back, or undefined before the first. */
  get latest(): FrameTimings | undefined {
    return this.last;
  }

  /** Starts a frame. */
  begin(): void {
    this.names.length = 0;
    this.slot = this.active ? this.reads.find(({ isFree }) => isFree) : undefined;
  }

  /** Makes the pass about to be begun with `descriptor` report its time under `name`. */
  time(descriptor: TimedPass, name: string): void {
    if (this.slot === undefined || this.names.length === MAX_PASSES) {
      delete descriptor.timestampWrites;
      return;
    }
    descriptor.timestampWrites = this.writes[this.names.length];
    this.names.push(name);
  }

  /** Records the way back of the times, at the end of the frame's last encoder. */
  resolve(encoder: GPUCommandEncoder): void {
    if (this.slot === undefined || this.names.length === 0) return;
    encoder.resolveQuerySet(this.queries, 0, this.names.length * 2, this.resolved, 0);
    encoder.copyBufferToBuffer(this.resolved, 0, this.slot.buffer, 0, this.names.length * 2 * TIMESTAMP_BYTES);
  }

  /** Fetches the times once that encoder has been submitted; resolves when `latest` has them. */
  async read(): Promise<void> {
    const { slot } = this;
    if (slot === undefined || this.names.length === 0) return;
    this.slot = undefined;
    slot.isFree = false;
    const names = [...this.names];
    try {
      await slot.buffer.mapAsync(GPUMapMode.READ);
      const timings = timingsOf(names, new BigUint64Array(slot.buffer.getMappedRange()));
      slot.buffer.unmap();
      if (this.active) {
        this.last = timings;
        this.onTimings?.(timings);
      }
    } catch {
      // The device went away or the profiler was destroyed meanwhile: there is no frame to tell of.
    }
    slot.isFree = true;
  }

  destroy(): void {
    this.queries.destroy();
    this.resolved.destroy();
    for (const { buffer } of this.reads) buffer.destroy();
  }
}

/**
 * @param names of the passes in order
 * @param nanoseconds beginning and end of each pass
 */
export function timingsOf(names: readonly string[], nanoseconds: BigUint64Array): FrameTimings {
  const passes = new Map<string, number>();
  let first = nanoseconds[0];
  let last = nanoseconds[0];
  names.forEach((name, i) => {
    const [from, to] = [nanoseconds[i * 2], nanoseconds[i * 2 + 1]];
    if (from < first) first = from;
    if (to > last) last = to;
    // A device may restart its clock when it changes power state; such a pass counts as nothing.
    passes.set(name, (passes.get(name) ?? 0) + (to > from ? Number(to - from) / 1e6 : 0));
  });
  return { passes, total: Number(last - first) / 1e6 };
}
