import { toSplatError } from '../../../core/errors.ts';
import type { SplatError } from '../../../core/errors.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import type { FoundRegion } from '../../../refine/region.ts';
import { findRegionInWorker } from '../../../workers/scene-client.ts';

/** Work that ends sooner shows no progress. */
const SHOW_PROGRESS_AFTER_MS = 1000;

/** What is known of where a scene's subject is. */
export type Finding =
  | { readonly found: FoundRegion }
  /** `fraction` once it takes long. */
  | { readonly fraction: number | undefined }
  | { readonly problem: SplatError };

/** Finds out in a worker what `auto` refines of a scene, one scene at a time, and remembers it. */
export class FoundRegions {
  private readonly findings = new WeakMap<SplatScene, Finding>();
  private underWay: { readonly scene: SplatScene; readonly abort: AbortController } | undefined;

  constructor(private readonly changed: () => void) {}

  /** What is known of a scene; the first question starts the search and ends that of another scene. */
  of(scene: SplatScene): Finding {
    const known = this.findings.get(scene);
    if (known !== undefined) return known;
    if (this.underWay?.scene !== scene) void this.find(scene);
    return this.findings.get(scene) ?? { fraction: undefined };
  }

  /** Ends a search that is under way: nobody looks at what it would find. */
  stop(): void {
    this.underWay?.abort.abort();
    if (this.underWay !== undefined) this.findings.delete(this.underWay.scene);
    this.underWay = undefined;
  }

  private async find(scene: SplatScene): Promise<void> {
    this.stop();
    const abort = new AbortController();
    this.underWay = { scene, abort };
    const startedMs = performance.now();
    this.findings.set(scene, { fraction: undefined });
    const finding = await findRegionInWorker(scene, {
      signal: abort.signal,
      onProgress: ({ fraction }) => {
        if (performance.now() - startedMs >= SHOW_PROGRESS_AFTER_MS) this.tell(scene, abort, { fraction });
      },
    }).then(
      (found) => ({ found }),
      (error: unknown) => ({ problem: toSplatError(error, 'out-of-memory', 'The subject could not be found') }),
    );
    this.tell(scene, abort, finding);
    if (this.underWay?.abort === abort) this.underWay = undefined;
  }

  private tell(scene: SplatScene, { signal }: AbortController, finding: Finding): void {
    if (signal.aborted) return;
    this.findings.set(scene, finding);
    this.changed();
  }
}
