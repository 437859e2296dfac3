import type { UpAxis } from '../../camera/view-parameters.ts';
import type { UpAxisChoice } from '../../bridge/settings.ts';
import type { DocumentState } from './document.ts';

/**
 * The explicit up axis of the open scene: the person's choice, else that of the photos. Undefined leaves it to the
 * file.
 */
export function explicitUp(choice: UpAxisChoice, { photosUp }: Pick<DocumentState, 'photosUp'>): UpAxis | undefined {
  return choice === 'auto' ? photosUp : choice;
}
