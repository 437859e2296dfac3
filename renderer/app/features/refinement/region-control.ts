import { sceneBounds } from '../../../camera/scene-bounds.ts';
import { countMask } from '../../../core/keep-rows.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { selectByShape } from '../../../edit/selection.ts';
import type { Region } from '../../../refine/region-choice.ts';
import type { Ball } from '../../../core/subject.ts';
import { shownScene } from '../../document/document.ts';
import type { DocumentState } from '../../document/document.ts';
import type { AppContext } from '../../feature.ts';
import { FoundRegions } from './found-regions.ts';
import { RegionOverlay } from './region-overlay.ts';
import { RegionSection } from './region-section.ts';
import type { RegionKind } from './region-section.ts';
import type { RegionFacts } from './region-words.ts';

/** Keys and numbers that follow each other within this time are one step of the history. */
const SAME_GESTURE_MS = 1500;

/** What of the scene the next refinement changes: chosen in the panel or in the view, undone like an edit. */
export class RegionControl {
  readonly section: RegionSection;
  private readonly found = new FoundRegions(() => this.update());
  private readonly overlay: RegionOverlay;
  private isPanelOpen = false;
  /** Whether a person wants to see it; a refinement that is done is not to be looked at through it. */
  private isWanted = true;
  private gesture = 0;
  private lastPlacedMs = -Infinity;
  /** A drag is one step however long it takes. */
  private isHeld = false;
  /** The ball that was there last, for whoever comes back to it. */
  private lastOwn: { readonly of: SplatScene; readonly ball: Ball } | undefined;

  constructor(private readonly context: AppContext) {
    this.section = new RegionSection({
      choose: (kind) => this.choose(kind),
      place: (ball) => this.place(ball),
      show: (isShown) => {
        this.isWanted = isShown;
        this.update();
      },
    });
    this.overlay = new RegionOverlay(
      context,
      (ball) => this.place(ball),
      (isHeld) => {
        this.isHeld = isHeld;
        this.gesture++;
      },
    );
    context.document.watch((state, before) => this.documentChanged(state, before));
  }

  /** The panel opened or closed: what is found and shown is for its reader alone. */
  set isOpen(isOpen: boolean) {
    this.isPanelOpen = isOpen;
    if (!isOpen) this.found.stop();
    this.update();
  }

  private documentChanged(state: DocumentState, before: DocumentState): void {
    if (state.file !== before.file) this.isWanted = true;
    if (state.refined !== before.refined && state.refined?.residuals !== before.refined?.residuals)
      this.isWanted = state.refined === undefined;
    if (
      state.original !== before.original ||
      state.region !== before.region ||
      state.refined !== before.refined ||
      state.shown !== before.shown ||
      (state.job === undefined) !== (before.job === undefined)
    )
      this.update();
  }

  private choose(kind: RegionKind): void {
    const { original, region } = this.context.document.state;
    if (original === undefined || kindOf(region) === kind) return;
    this.isWanted = true;
    this.set(kind === 'own' ? this.firstBall(original) : kind, 'Choose Region');
  }

  /** Where a person begins: at what was there before, at what was found, or round the whole scene. */
  private firstBall(scene: SplatScene): Ball {
    if (this.lastOwn?.of === scene) return this.lastOwn.ball;
    const finding = this.found.of(scene);
    if ('found' in finding && finding.found.isSurrounded && finding.found.ball !== null) return finding.found.ball;
    return sceneBounds(scene);
  }

  private place(ball: Ball): void {
    const { original, job } = this.context.document.state;
    if (original === undefined || job !== undefined) return;
    const nowMs = performance.now();
    if (!this.isHeld && nowMs - this.lastPlacedMs > SAME_GESTURE_MS) this.gesture++;
    this.lastPlacedMs = nowMs;
    this.set(ball, 'Set Region', `region ${this.gesture}`);
  }

  private set(region: Region, label: string, key?: string): void {
    const { document } = this.context;
    const { original } = document.state;
    if (original !== undefined && typeof region === 'object') this.lastOwn = { of: original, ball: region };
    document.step(label, { region }, { key });
  }

  private update(): void {
    const { state } = this.context.document;
    const { original } = state;
    this.section.element.hidden = original === undefined;
    const facts = original === undefined || !this.isPanelOpen ? undefined : this.factsOf(original, state.region);
    const ball = facts === undefined || !this.isWanted ? undefined : ballOf(facts);
    const scene = shownScene(state);
    this.overlay.show(
      ball === undefined || scene === undefined || state.job !== undefined
        ? undefined
        : { ball, scene, isOwn: facts?.kind === 'own' },
    );
    if (facts !== undefined && original !== undefined)
      this.section.show(facts, original.count, this.isWanted, state.job !== undefined);
  }

  private factsOf(original: SplatScene, region: Region): RegionFacts {
    if (region === 'all') return { kind: 'all' };
    if (region === 'auto') return { kind: 'auto', finding: this.found.of(original) };
    const inside = countMask(selectByShape(original, { kind: 'sphere', ...region }));
    return { kind: 'own', ball: region, inside };
  }
}

function kindOf(region: Region): RegionKind {
  return typeof region === 'string' ? region : 'own';
}

/** Where the region is, where it has a place of its own. */
function ballOf(facts: RegionFacts): Ball | undefined {
  if (facts.kind === 'own') return facts.ball;
  if (facts.kind === 'all' || !('found' in facts.finding)) return undefined;
  const { ball, isSurrounded } = facts.finding.found;
  return isSurrounded && ball !== null ? ball : undefined;
}
