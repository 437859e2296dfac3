import { formatBytes, formatCount } from '../../../core/units.ts';
import type { ModelInfo, ModelTransfer } from '../../../bridge/models.ts';

/**
 * One line under a model's name in the list.
 * @param hasFailed whether what was tried last with it failed
 */
export function stateWords(info: ModelInfo, isCurrent: boolean, hasFailed: boolean): string {
  const { transfer, state, origin, bytes } = info;
  if (transfer !== undefined) return transferWords(transfer);
  if (isCurrent && state === 'ready') return 'In use';
  if (state === 'missing') return 'File missing';
  if (state === 'ready')
    return origin === 'shipped' ? 'Comes with the app' : origin === 'own' ? 'Your file' : 'Installed';
  if (origin === 'page') return "On the authors' page";
  const size = bytes === null ? '' : ` · ${formatBytes(bytes)}`;
  if (state === 'partial') return `${hasFailed ? 'Failed' : 'Paused'} at ${percent(info.partBytes, bytes)} %`;
  return `${hasFailed ? 'Download failed' : 'Not installed'}${size}`;
}

export function transferWords({ stage, bytes, totalBytes }: ModelTransfer): string {
  if (stage === 'Connecting') return 'Connecting…';
  if (stage === 'Checking') return `Checking… ${percent(bytes, totalBytes)} %`;
  return `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`;
}

/** What is known of a model, as label and value. */
export function factsOf(info: ModelInfo): readonly (readonly [label: string, value: string])[] {
  const { kind, copies, parameters, bytes, license, fileName, figures, origin, host } = info;
  const facts: (readonly [string, string])[] = [
    ['Kind', kind === 'anchorsplat' ? 'AnchorSplat' : 'SplatFormer'],
    ['Output', copies === 1 ? 'As many splats as before' : `${copies} splats of each one`],
  ];
  if (parameters !== undefined) facts.push(['Parameters', formatCount(parameters)]);
  if (bytes !== null) facts.push(['Size', formatBytes(bytes)]);
  facts.push(['Licence', license]);
  if (origin === 'own') facts.push(['File', fileName]);
  if (origin === 'download') facts.push(['From', host]);
  return [...facts, ...figures.map(({ label, value }) => [label, value] as const)];
}

/** What a person should know before acting on a model in this state; '' for nothing. */
export function adviceOf(info: ModelInfo): string {
  const { origin, state, bytes, license, host, fileName, partBytes } = info;
  if (info.transfer !== undefined) return '';
  if (origin === 'page')
    return (
      "It carries no licence, so the app does not fetch it: open the authors' page, " +
      'download the .pth file there, then add it here.'
    );
  if (state === 'missing')
    return origin === 'own'
      ? `${fileName} is no longer where it was. Put it back, or remove it from this list.`
      : 'Its file is missing. Install the app again.';
  if (origin !== 'download' || state === 'ready') return '';
  const size = bytes === null ? '' : `${formatBytes(bytes)}, `;
  if (state === 'partial')
    return `${formatBytes(partBytes)} are here; the rest comes from ${host} when you press Resume.`;
  return (
    `It is fetched from ${host} when you press Download, and not before: ${size}${license} licence. ` +
    'The file is checked against its published SHA-256 checksum.'
  );
}

function percent(bytes: number, totalBytes: number | null): number {
  return totalBytes === null || totalBytes === 0 ? 0 : Math.min(100, Math.floor((100 * bytes) / totalBytes));
}
