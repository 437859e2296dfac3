import type { UpAxis } from '../../camera/view-parameters.ts';
import type { UpAxisChoice } from '../../bridge/settings.ts';
import type { DocumentState } from './document.ts';

/**
 * What somebody or something told to be up in the open scene: the person, else the photos; undefined leaves it to the
 * file.
 */
export function toldUp(choice: UpAxisChoice, { photosUp }: Pick<DocumentState, 'photosUp'>): UpAxis | undefined {
  return choice === 'auto' ? photosUp : choice;
}
