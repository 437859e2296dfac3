import type { SplatScene } from '../../core/splat-scene.ts';
import type { DocumentState, SceneDocument } from '../document/document.ts';
import { shownScene } from '../document/document.ts';
import type { Picture } from './picture.ts';
import type { Viewport } from './viewport.ts';

/** A scene drawn in the place of another: a selection's tint, or what a clean-up would leave. It is never saved. */
export interface StandIn {
  readonly for: SplatScene;
  readonly scene: SplatScene;
}

/** What features ask the canvas to show in the place of the scene on screen. */
export interface Wishes {
  /** Before and after together. */
  readonly comparison: Picture | undefined;
  /** By who asks for it; the latest one is drawn. */
  readonly standIns: ReadonlyMap<string, StandIn>;
}

/**
 * Decides what the canvas shows: the preview of a scene that is being opened, else a comparison, else what stands in
 * for the scene on screen, else that scene.
 */
function pictureOnCanvas(
  state: Pick<DocumentState, 'original' | 'refined' | 'shown' | 'job'>,
  { comparison, standIns }: Wishes,
): Picture {
  const preview = state.job?.preview;
  if (preview !== undefined) return { kind: 'scene', scene: preview, isPreview: true };
  if (comparison !== undefined) return comparison;
  const shown = shownScene(state);
  const standIn = [...standIns.values()].findLast((candidate) => candidate.for === shown);
  return { kind: 'scene', scene: standIn?.scene ?? shown };
}

/** Keeps the canvas in line with the document and the features' wishes. */
export class CanvasPicture {
  private wishes: Wishes = { comparison: undefined, standIns: new Map() };

  constructor(
    private readonly document: SceneDocument,
    private readonly viewport: Pick<Viewport, 'show'>,
  ) {
    document.watch((state, before) => {
      if (
        state.original !== before.original ||
        state.refined !== before.refined ||
        state.shown !== before.shown ||
        state.job?.preview !== before.job?.preview
      )
        this.update();
    });
  }

  /** Compares before and after by a picture of both; undefined ends that. */
  compare(comparison: Picture | undefined): void {
    if (comparison === undefined && this.wishes.comparison === undefined) return;
    this.wishes = { ...this.wishes, comparison };
    this.update();
  }

  /** Puts a scene in the place of another wherever that one would be drawn; undefined ends what `owner` asked for. */
  standIn(owner: string, standIn: StandIn | undefined): void {
    const former = this.wishes.standIns.get(owner);
    if (standIn?.scene === former?.scene && standIn?.for === former?.for) return;
    const standIns = new Map(this.wishes.standIns);
    standIns.delete(owner);
    if (standIn !== undefined) standIns.set(owner, standIn);
    this.wishes = { ...this.wishes, standIns };
    this.update();
  }

  private update(): void {
    const { state } = this.document;
    const standIns = [...this.wishes.standIns.values()].map(({ scene }) => scene);
    const kept = [state.original, state.refined?.scene, ...standIns];
    this.viewport.show(
      pictureOnCanvas(state, this.wishes),
      kept.filter((scene) => scene !== undefined),
    );
  }
}
