import type { UpdateStep, UpdateView } from '../../../bridge/updates.ts';
import { formatBytes } from '../../../core/units.ts';

/** What the dialog says, a paragraph each. */
export function updateWords({ version, host, atStart, step }: UpdateView): readonly string[] {
  const running = `This is version ${version}.`;
  switch (step.kind) {
    case 'impossible':
      return [running, step.sentence];
    case 'idle':
      return atStart === undefined ? [running, questionOf(host)] : [running, `New versions come from ${host}.`];
    case 'checking':
      return [running, `Asking ${host}…`];
    case 'newest':
      return [running, `${host} offers none that is newer.`];
    case 'offered':
      return [
        running,
        `Version ${step.version} of ${dayOf(step.released)} is there: ${formatBytes(step.bytes)} from ${host}.`,
      ];
    case 'downloading':
      return [running, `Downloading version ${step.version} from ${host}.`];
    case 'ready':
      return [
        running,
        `Version ${step.version} is here, and it is the one that the makers of this build signed. ` +
          'Restarting brings back what is open.',
      ];
    case 'failed':
      return [running, step.sentence];
  }
}

function questionOf(host: string): string {
  return (
    `The app can ask ${host} for a new version. ${host} then sees your network address and which system you have, ` +
    'and nothing of your work. It is asked only when you say so: now, or now and at every start.'
  );
}

/** What is said over the scene where the dialog is closed; undefined for nothing. */
export function newsOf(step: UpdateStep): string | undefined {
  if (step.kind === 'offered') return `Version ${step.version} of the app is there.`;
  if (step.kind === 'ready') return `Version ${step.version} of the app is downloaded.`;
  if (step.kind === 'failed') return step.sentence;
  return undefined;
}

/** The day of a time in ISO 8601, as a person writes it. */
function dayOf(time: string): string {
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
}
