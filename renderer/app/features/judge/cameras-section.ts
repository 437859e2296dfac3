import { formatCount } from '../../../core/units.ts';
import type { CaptureFormat } from '../../../judge/capture-cameras.ts';
import { button } from '../../ui/buttons.ts';
import { row, switchField } from '../../ui/controls.ts';
import { el } from '../../ui/dom.ts';
import { icon } from '../../ui/icons.ts';
import type { CaptureStore } from './capture-store.ts';
import { photoCount } from './capture-store.ts';
import type { Filmstrip } from './filmstrip.ts';

const FORMATS: Record<CaptureFormat, string> = {
  inria: 'INRIA',
  transforms: 'nerfstudio or instant-ngp',
  colmap: 'COLMAP',
};

export interface CamerasSectionParts {
  readonly store: CaptureStore;
  readonly filmstrip: Filmstrip;
  readonly run: (command: 'judge.openCameras' | 'judge.openPhotos' | 'judge.showCameras') => void;
}

/** Which cameras are open, and the filmstrip. */
export function camerasSection({ store, filmstrip, run }: CamerasSectionParts): HTMLElement {
  const empty = el('p', {
    class: 'empty',
    text:
      'Open the cameras of the capture to see where it was photographed from, to look through a photo’s own lens, ' +
      'and to measure the scene against the photos.',
  });
  const facts = el('p', { class: 'hint' });
  const warnings = el('div', { class: 'capture-warnings' });
  const shown = switchField('Show the cameras in the scene', () => run('judge.showCameras'));
  const open = button('Open cameras…', () => run('judge.openCameras'), { icon: 'camera' });
  const photos = button('Photos folder…', () => run('judge.openPhotos'), { icon: 'folder' });
  store.watch((state) => {
    const { capture, name } = state;
    const isOpen = capture !== undefined;
    empty.hidden = isOpen;
    for (const element of [facts, warnings, shown.element, photos, filmstrip.element]) element.hidden = !isOpen;
    if (capture === undefined) return;
    const count = capture.cameras.length;
    const found = photoCount(state);
    const cameras = `${formatCount(count)} ${count === 1 ? 'camera' : 'cameras'}`;
    facts.textContent = `${cameras} from ${name} (${FORMATS[capture.format]}); ${photosText(found, count)}`;
    warnings.hidden = capture.warnings.length === 0;
    warnings.replaceChildren(...capture.warnings.map((text) => el('p', {}, icon('warning'), el('span', { text }))));
    shown.show(state.isShown);
  });
  return el(
    'section',
    { class: 'panel', 'aria-label': 'Cameras' },
    empty,
    facts,
    warnings,
    row(open, photos),
    shown.element,
    filmstrip.element,
  );
}

function photosText(found: number, count: number): string {
  if (found === 0) return 'no photos yet.';
  return found === count
    ? `${count === 1 ? 'its photo' : 'all photos'} found.`
    : `${formatCount(found)} of the photos found.`;
}
