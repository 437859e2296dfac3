import { formatDuration, formatRemaining } from '../../core/units.ts';
import { button } from '../ui/buttons.ts';
import { el } from '../ui/dom.ts';
import type { Job } from '../document/document.ts';
import { stageLabel } from '../../core/stages.ts';

/** Quick jobs end before a panel would be read. */
const SHOW_AFTER_MS = 250;
const TICK_MS = 200;

/**
 * Progress of the job under way: stage, bar, time, Cancel. Only the stage is read out: the clock would never stop
 * talking.
 */
export class JobPanel {
  private readonly stage = el('span', { class: 'stage', 'aria-live': 'polite' });
  private readonly time = el('span', { class: 'time' });
  private readonly bar = el('wa-progress-bar');
  private readonly cancel = button('Cancel', () => this.job?.cancel(), { title: 'Cancel (Esc)' });
  private job: Job | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly root: HTMLElement) {
    this.bar.label = 'Progress';
    root.append(this.stage, this.time, this.bar, this.cancel);
  }

  show(job: Job | undefined): void {
    this.job = job;
    if (job === undefined) {
      clearInterval(this.timer);
      this.timer = undefined;
      this.root.hidden = true;
      return;
    }
    const stage = stageLabel(job.stage);
    const text = stage === '' || stage === job.title ? job.title : `${job.title} · ${stage}`;
    if (this.stage.textContent !== text) this.stage.textContent = text;
    this.bar.value = Math.round(job.fraction * 100);
    this.timer ??= setInterval(() => this.tick(), TICK_MS);
    this.tick();
  }

  private tick(): void {
    if (this.job === undefined) return;
    const elapsedMs = performance.now() - this.job.startedMs;
    if (elapsedMs >= SHOW_AFTER_MS) this.root.hidden = false;
    const elapsed = formatDuration(elapsedMs);
    const { remainingSeconds } = this.job;
    this.time.textContent =
      remainingSeconds === undefined ? elapsed : `${elapsed} · about ${formatRemaining(remainingSeconds * 1000)} left`;
  }
}
