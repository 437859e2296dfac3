import type { SplatScene } from '../../../core/splat-scene.ts';
import { formatBytes, formatCount } from '../../../core/units.ts';
import { describeModelInWorker } from '../../../workers/scene-client.ts';
import { ask } from '../../desktop.ts';
import { descriptionRows, el } from '../../ui/dom.ts';
import type { ModelBytes } from '../../../bridge/inference-messages.ts';
import { growthOf, obstacles } from '../../document/model-growth.ts';
import { askInDialog } from '../../ui/dialog.ts';

/**
 * Asks before a model makes several splats of each one: how many there will be, and what they take of the graphics
 * card, the memory and the disk. Refuses what this machine can't hold. Resolves with whether to go on.
 */
export async function confirmGrowth(scene: SplatScene, model: ModelBytes, splatsAtOnce: number): Promise<boolean> {
  const manifest = await describeModelInWorker(model);
  if (manifest.copies === 1) return true;
  const growth = growthOf(scene, manifest);
  const memory = await ask(window.desktop.memory());
  const { forbidding, warning } = obstacles(growth, { splatsAtOnce, ...memory });
  const facts: readonly (readonly [string, string])[] = [
    ['Splats', `${formatCount(growth.splatsBefore)} → ${formatCount(growth.splatsAfter)}`],
    ['On the graphics card', formatBytes(growth.gpuBytes)],
    ['Saved as PLY', formatBytes(growth.fileBytes)],
    ['Memory while refining, about', `${formatBytes(growth.memoryBytes)} (${formatBytes(memory.freeBytes)} free)`],
  ];
  const list = el('dl', { class: 'figures' }, ...descriptionRows(facts));
  const lead = `${manifest.name} makes ${manifest.copies} splats of each one.`;
  const body = el(
    'div',
    { class: 'panel growth' },
    el('p', { text: forbidding.length > 0 ? `${lead} The output would be too large for this machine.` : lead }),
    list,
  );
  for (const sentence of forbidding) body.append(el('p', { class: 'error-text', text: sentence }));
  for (const sentence of warning) body.append(el('p', { class: 'warning-text', text: sentence }));
  if (forbidding.length > 0) {
    await askInDialog({
      title: 'Too large to refine',
      body,
      actions: [{ label: 'Close', value: false, kind: 'primary' }],
    });
    return false;
  }
  const answer = await askInDialog({
    title: 'Refine to a larger scene?',
    body,
    actions: [
      { label: 'Cancel', value: false },
      { label: 'Refine', value: true, kind: 'primary' },
    ],
  });
  return answer === true;
}
