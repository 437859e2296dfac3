import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import addFile from 'lucide-static/icons/file-plus.svg?raw';
import addFolder from 'lucide-static/icons/folder-plus.svg?raw';
import add from 'lucide-static/icons/plus.svg?raw';
import camera from 'lucide-static/icons/camera.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import close from 'lucide-static/icons/x.svg?raw';
import compare from 'lucide-static/icons/columns-2.svg?raw';
import down from 'lucide-static/icons/chevron-down.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import file from 'lucide-static/icons/file-box.svg?raw';
import fly from 'lucide-static/icons/send.svg?raw';
import folder from 'lucide-static/icons/folder-open.svg?raw';
import frame from 'lucide-static/icons/scan.svg?raw';
import history from 'lucide-static/icons/history.svg?raw';
import models from 'lucide-static/icons/boxes.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import next from 'lucide-static/icons/chevron-right.svg?raw';
import photo from 'lucide-static/icons/image.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import previous from 'lucide-static/icons/chevron-left.svg?raw';
import queue from 'lucide-static/icons/list-checks.svg?raw';
import refine from 'lucide-static/icons/sparkles.svg?raw';
import remove from 'lucide-static/icons/trash-2.svg?raw';
import rename from 'lucide-static/icons/pencil.svg?raw';
import repeat from 'lucide-static/icons/repeat.svg?raw';
import retry from 'lucide-static/icons/rotate-cw.svg?raw';
import save from 'lucide-static/icons/save.svg?raw';
import select from 'lucide-static/icons/square-dashed-mouse-pointer.svg?raw';
import sliders from 'lucide-static/icons/sliders-horizontal.svg?raw';
import up from 'lucide-static/icons/chevron-up.svg?raw';
import view from 'lucide-static/icons/eye.svg?raw';
import video from 'lucide-static/icons/video.svg?raw';
import warning from 'lucide-static/icons/triangle-alert.svg?raw';
import { el } from './dom.ts';

/** Every icon of the page by what it means; the drawings are Lucide's, bundled. */
const ICONS = {
  add,
  addFile,
  addFolder,
  camera,
  check,
  close,
  compare,
  down,
  download,
  file,
  fly,
  folder,
  frame,
  history,
  models,
  next,
  pause,
  photo,
  play,
  previous,
  queue,
  refine,
  remove,
  rename,
  repeat,
  retry,
  save,
  select,
  sliders,
  up,
  video,
  view,
  warning,
};

export type IconName = keyof typeof ICONS;

/** Replaces Web Awesome's default library, which would fetch from a network. Must run before the first icon is made. */
export function registerIcons(): void {
  registerIconLibrary('default', {
    resolver: (name) => (name in ICONS ? `data:image/svg+xml,${encodeURIComponent(ICONS[name as IconName])}` : ''),
  });
}

/** An icon beside a text; it says nothing to a screen reader, so a button of an icon alone needs a label. */
export function icon(name: IconName): HTMLElement {
  const element = el('wa-icon', { 'aria-hidden': 'true' });
  element.setAttribute('name', name);
  return element;
}
