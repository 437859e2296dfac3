import { UP_NAMES } from '../../core/up-axes.ts';
import { upSourceText, type ResolvedUp } from '../../core/up-axis.ts';
import { SH_C0 } from '../../core/splat-scene.ts';
import { formatCount, formatDuration } from '../../core/units.ts';
import type { SplatMask } from '../../edit/selection.ts';
import { noteOnCameras } from '../../refine/captured-cameras.ts';
import type { RefineReport } from '../../refine/refine-scene.ts';
import type { ProofReport } from '../../refine/scene-proof.ts';

/** A fact about a refinement: what it is about, and what it is. */
export type Figure = readonly [label: string, value: string];

/**
 * What a refinement did, in figures: of what region, how much, by which evidence, what of it was kept, and how long it
 * took.
 * @param sceneRadius world units; what splats moved by is told in it where the whole scene was refined
 * @param isOfSelection only selected splats of what the network looked at are changed
 */
export function refineFigures(report: RefineReport, sceneRadius: number, isOfSelection = false): Figure[] {
  const { proof, milliseconds } = report;
  const { sight, load, plan, network, check, finish } = milliseconds;
  return [
    [isOfSelection ? 'Looked at' : 'Region', regionText(report)],
    ['Changed', changeText(report, sceneRadius)],
    ['Evidence', evidenceText(report)],
    ...(proof === null ? [] : [['Kept', `${keptShare(proof.kept)} of the network's change`] as const]),
    [
      'Time',
      `${formatDuration(sight)} looking, ${formatDuration(load + plan + network)} network, ` +
        `${formatDuration(check + finish)} checking`,
    ],
  ];
}

function regionText({ splats, refined, isSurrounded, region }: RefineReport): string {
  if (refined === splats) return 'The whole scene';
  const share = `${formatCount(refined)} of ${formatCount(splats)} splats`;
  if (isSurrounded) return `${share}; what stands around them is as it was`;
  return region === null ? share : `${share}; the others are strays`;
}

/** Mean changes, where there are any. */
function changeText({ residuals, region }: RefineReport, sceneRadius: number): string {
  const meanOf = (name: keyof RefineReport['residuals']): number => residuals[name]?.meanAbsolute ?? 0;
  const extent = region !== null && Number.isFinite(region.radius) ? Math.min(region.radius, sceneRadius) : sceneRadius;
  const parts = [
    ['positions', meanOf('means') / extent],
    ['sizes', Math.expm1(meanOf('scales'))],
    ['colours', meanOf('features_dc') * SH_C0],
  ] as const;
  const told = parts.filter(([, share]) => share >= 5e-5).map(([name, share]) => `${name} ${percent(share)}`);
  return told.length === 0 ? 'Nothing that can be seen' : `On average: ${told.join(', ')}`;
}

function evidenceText({ proof, milliseconds }: RefineReport): string {
  if (proof !== null) return `${formatCount(proof.views)} ${evidenceWords[proof.evidence].counted}`;
  return milliseconds.check > 0 ? 'Views around a lone object' : "None: this model's answer is taken as it is";
}

/** Two figures of a share, as many as it is worth. */
function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** What a person should know of a refinement besides its figures, as sentences that follow another. */
export function notesOn(report: RefineReport, up: ResolvedUp | undefined): string {
  const { invalidPassedThrough: invalid, cameras } = report;
  const unseen = noteOnCameras(cameras);
  return [
    unseen === undefined ? '' : ` ${unseen}`,
    invalid > 0 ? ` ${formatCount(invalid)} splats that can't be drawn were left as they were.` : '',
    up === undefined || up.isSure ? '' : ` Up is ${UP_NAMES[up.axis]}, ${upSourceText(up)} (View > Up Axis).`,
  ].join('');
}

/** What of a scene and of the network's answer was kept, as sentences that follow another. */
export function keptOf({ isSurrounded, proof }: RefineReport): string {
  return [
    isSurrounded ? ' What stands around them is as it was.' : '',
    proof === null ? '' : ` ${proofText(proof)}`,
  ].join('');
}

/** How many of the selected splats were refined, in words. */
export function selectedInWords(refinedRows: Int32Array, mask: SplatMask): string {
  const selected = mask.reduce((sum, isSelected) => sum + isSelected, 0);
  const refined = refinedRows.reduce((sum, row) => sum + mask[row], 0);
  const many = `${formatCount(selected)} selected ${selected === 1 ? 'splat' : 'splats'}`;
  return refined === selected ? `the ${many}` : `${formatCount(refined)} of ${many}`;
}

/** That what is selected lies outside of what was refined, as a sentence that follows another. */
export function noteOnSelection(refinedRows: Int32Array, mask: SplatMask | undefined): string {
  if (mask === undefined) return '';
  const selected = mask.reduce((sum, isSelected) => sum + isSelected, 0);
  const left = selected - refinedRows.reduce((sum, row) => sum + mask[row], 0);
  if (left === 0) return '';
  return left === selected
    ? ' Nothing was changed, as no selected splat is part of what was refined.'
    : ` ${formatCount(left)} selected splats are not part of what was refined, and are as they were.`;
}

/** What proved an answer: behind a number of views, and as what a change would show from. */
const evidenceWords: Readonly<Record<ProofReport['evidence'], { readonly counted: string; readonly from: string }>> = {
  cameras: { counted: "of the capture's cameras", from: "the capture's cameras" },
  sharpness: { counted: 'views that seem to be captured', from: 'the views that seem to be captured' },
  around: {
    counted: 'views from all sides, as the up axis may be wrong',
    from: 'some side, and as the up axis may be wrong (View > Up Axis), the captured one is not known',
  },
  lowViews: { counted: 'low views, as the object is denser than the network knows', from: 'low views' },
};

/** What of the network's answer held before the captured views, and which views those are. */
function proofText({ evidence, kept }: ProofReport): string {
  const views = evidenceWords[evidence].from;
  if (kept < 0.005) return `Nothing was changed, as every change would show from ${views}.`;
  const rest = kept === 1 ? '' : `: the rest would show from ${views}`;
  return `${keptShare(kept)} of the network's change was kept${rest}.`;
}

/** A share of which what rounds to all is not all. */
function keptShare(kept: number): string {
  if (kept === 1) return 'All';
  return kept >= 0.995 ? 'Over 99 %' : percent(kept);
}
