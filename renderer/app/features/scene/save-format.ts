import { FILE_EXTENSIONS, FORMAT_WORDS, isFolderFormat, WRITABLE_FORMATS } from '../../../core/writable-formats.ts';
import type { WritableFormatId } from '../../../core/writable-formats.ts';
import type { AppContext } from '../../feature.ts';
import { askInDialog } from '../../ui/dialog.ts';
import { el } from '../../ui/dom.ts';

/** Asks in which format a scene is saved, the last one first; undefined where the dialog was left. */
export async function askForFormat(memory: AppContext['memory']): Promise<WritableFormatId | undefined> {
  let chosen = memory.current.saveFormat;
  const rows = WRITABLE_FORMATS.map((format) => {
    const radio = el('input');
    radio.type = 'radio';
    radio.name = 'save-format';
    radio.value = format;
    radio.checked = format === chosen;
    radio.addEventListener('change', () => (chosen = format));
    const { label, keeps } = FORMAT_WORDS[format];
    return el(
      'label',
      { class: 'save-format' },
      radio,
      el('strong', { text: label }),
      el('span', { class: 'ending', text: isFolderFormat(format) ? 'a folder' : FILE_EXTENSIONS[format] }),
      el('span', { class: 'keeps', text: keeps }),
    );
  });
  const isChosen = await askInDialog({
    title: 'Save the scene as',
    body: el('div', { class: 'save-formats', role: 'radiogroup', 'aria-label': 'Format' }, ...rows),
    actions: [
      { label: 'Cancel', value: false },
      { label: 'Choose Place…', value: true, kind: 'primary' },
    ],
  });
  if (isChosen !== true) return undefined;
  memory.change({ saveFormat: chosen });
  return chosen;
}
