import { decodeThumbnail } from '../../../judge/decode-photo.ts';
import type { ReadableFile } from '../../../bridge/files.ts';
import { readFile } from '../../desktop.ts';
import { rowButton } from '../../ui/buttons.ts';
import { el } from '../../ui/dom.ts';
import type { CaptureStore } from './capture-store.ts';

/** CSS pixels. */
const THUMBNAIL_HEIGHT = 72;
/** Photos decoded at a time: enough to keep a disk busy, few enough to leave the page quick. */
const AT_A_TIME = 2;

interface Frame {
  readonly button: HTMLButtonElement;
  readonly picture: HTMLElement;
}

/**
 * Every camera as a thumbnail or, without its photo, as a blank with its name; one is chosen by click or arrow keys and
 * Enter.
 */
export class Filmstrip {
  readonly element = el('div', { class: 'filmstrip', 'aria-label': 'Cameras of the capture' });
  private frames: Frame[] = [];
  private waiting: number[] = [];
  private loading = 0;
  private readonly seen = new IntersectionObserver((entries) => this.comeIntoSight(entries), {
    root: this.element,
    rootMargin: '120px',
  });
  private readonly indices = new WeakMap<Element, number>();

  constructor(
    private readonly store: CaptureStore,
    /** Chooses a camera by its index. */
    private readonly choose: (index: number) => void,
    /** What is said under each camera beside its name. */
    private readonly describe: () => readonly string[],
  ) {
    this.element.setAttribute('role', 'listbox');
    this.element.addEventListener('keydown', (event) => this.key(event));
    store.watch((state, before) => {
      if (state.capture !== before.capture || state.photos !== before.photos) this.rebuild();
      if (state.selected !== before.selected) this.mark(state.selected);
    });
  }

  private rebuild(): void {
    const { capture, photos } = this.store.state;
    this.seen.disconnect();
    this.waiting = [];
    const facts = this.describe();
    const withPhotos = photos.some((photo) => photo !== undefined);
    this.element.classList.toggle('names', !withPhotos);
    this.frames = (capture?.cameras ?? []).map(({ image }, index) => {
      const name =
        image
          .split(/[/\\]/)
          .at(-1)
          ?.replace(/\.\w+$/, '') ?? image;
      const picture = el('span', { class: 'picture' });
      const button = rowButton(
        () => this.choose(index),
        ...(withPhotos ? [picture] : []),
        el('span', { class: 'name' }, el('bdi', { text: name })),
        el('span', { class: 'facts', text: facts[index] }),
      );
      button.title = image;
      button.setAttribute('role', 'option');
      button.setAttribute('aria-selected', 'false');
      button.tabIndex = index === 0 ? 0 : -1;
      this.indices.set(button, index);
      return { button, picture };
    });
    this.element.replaceChildren(...this.frames.map(({ button }) => button));
    if (withPhotos) for (const { button } of this.frames) this.seen.observe(button);
    this.mark(this.store.state.selected);
  }

  private mark(selected: number | undefined): void {
    this.frames.forEach(({ button }, index) => button.setAttribute('aria-selected', String(index === selected)));
    if (selected === undefined) return;
    this.makeTabStop(selected);
    this.frames[selected]?.button.scrollIntoView({ block: 'nearest' });
  }

  /** One camera at a time is reached by Tab, the others by arrow keys. */
  private makeTabStop(index: number): void {
    this.frames.forEach(({ button }, i) => (button.tabIndex = i === index ? 0 : -1));
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const from = this.indices.get(event.target as Element);
    if (step === undefined || from === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const to = Math.min(this.frames.length - 1, Math.max(0, from + step));
    this.makeTabStop(to);
    this.frames[to].button.focus();
  }

  private comeIntoSight(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const index = this.indices.get(target);
      if (!isIntersecting || index === undefined) continue;
      this.seen.unobserve(target);
      this.waiting.push(index);
    }
    this.loadNext();
  }

  private loadNext(): void {
    while (this.loading < AT_A_TIME) {
      const index = this.waiting.shift();
      if (index === undefined) return;
      const photo = this.store.state.photos[index];
      if (photo === undefined) {
        this.frames[index].picture.textContent = 'No photo';
        continue;
      }
      this.loading += 1;
      void load(photo, this.frames[index].picture).finally(() => {
        this.loading -= 1;
        this.loadNext();
      });
    }
  }
}

async function load(photo: ReadableFile, picture: HTMLElement): Promise<void> {
  try {
    const bitmap = await decodeThumbnail(photo.name, await readFile(photo), THUMBNAIL_HEIGHT * devicePixelRatio);
    const canvas = el('canvas');
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
    picture.replaceChildren(canvas);
  } catch {
    picture.textContent = 'Damaged';
  }
}
