import type { MessageBoxOptions } from 'electron';
import type { UnsavedWork } from '../../renderer/bridge/window.ts';

export interface LeaveGuardParts {
  /** Shows a native question and resolves with the index of the chosen button. */
  readonly ask: (question: MessageBoxOptions) => Promise<number>;
  /** Lets the page save the scene; `saved` gets its answer. */
  readonly save: () => void;
  /** A person said that what is unsaved may go. */
  readonly discarded: () => void;
  /** Whether a file of the batch is under way. */
  readonly isBatchAtWork: () => boolean;
}

type Choice = 'save' | 'discard' | 'stop' | 'cancel';

const LABELS: Record<Choice, string> = { save: 'Save…', discard: 'Discard', stop: 'Stop It', cancel: 'Cancel' };

/** What is added to another question while a batch is at work. */
const BATCH_TOO = ' The batch stops as well; the next start offers to go on with it.';

const QUESTIONS = {
  changes: {
    message: 'Save the scene before it closes?',
    detail: 'It has unsaved changes. They are lost unless you save them.',
    choices: ['save', 'discard', 'cancel'],
  },
  // A save that runs can't be joined by another.
  save: {
    message: 'A file is still being saved.',
    detail: 'Nothing of it is left if the window closes now.',
    choices: ['discard', 'cancel'],
  },
  batch: {
    message: 'The batch is still at work.',
    detail:
      'What it has refined stays. The file under way is begun anew when you go on with the batch at the next start.',
    choices: ['stop', 'cancel'],
  },
} as const satisfies Record<
  Exclude<UnsavedWork, 'nothing'> | 'batch',
  { message: string; detail: string; choices: readonly Choice[] }
>;

/**
 * Asks before the open scene goes away with its window, and before a batch stops with it. The question is main's own,
 * so that a page that hangs can still be closed.
 */
export class LeaveGuard {
  private work: UnsavedWork = 'nothing';
  private isAsking = false;
  private isLeaving = false;
  private afterSave: (() => void) | undefined;

  constructor(private readonly parts: LeaveGuardParts) {}

  /** Whether nothing would be lost, or a person said that it may be. */
  get isFree(): boolean {
    return this.isLeaving || this.question === undefined;
  }

  private get question(): keyof typeof QUESTIONS | undefined {
    return this.questionWhere(false);
  }

  /** @param isKept whether what is unsaved comes back, so that only what is under way would be lost */
  private questionWhere(isKept: boolean): keyof typeof QUESTIONS | undefined {
    if (this.work !== 'nothing' && !(isKept && this.work === 'changes')) return this.work;
    return this.parts.isBatchAtWork() ? 'batch' : undefined;
  }

  setUnsavedWork(work: UnsavedWork): void {
    this.work = work;
  }

  /**
   * Does `goOn` once nothing is lost by it, or a person wants it to be; never where the answer is Cancel or the save
   * fails.
   */
  leave(goOn: () => void): void {
    if (this.isFree) goOn();
    else if (!this.isAsking && this.question !== undefined) void this.ask(this.question, goOn);
  }

  /** As `leave`, where what is open comes back at the next start: unsaved changes are no question. */
  leaveToReturn(goOn: () => void): void {
    const question = this.questionWhere(true);
    if (question === undefined) this.go(goOn);
    else if (!this.isAsking) void this.ask(question, goOn);
  }

  /** Does `goOn` at once: whoever ends the app from outside is not asked. */
  leaveAnyway(goOn: () => void): void {
    this.go(goOn);
  }

  /** Takes the page's answer to `save`. */
  saved(isSaved: boolean): void {
    const goOn = this.afterSave;
    this.afterSave = undefined;
    if (isSaved && goOn !== undefined) this.go(goOn);
  }

  private async ask(about: keyof typeof QUESTIONS, goOn: () => void): Promise<void> {
    this.isAsking = true;
    // The answer to this question holds, whatever was said before.
    this.afterSave = undefined;
    try {
      const { message, detail, choices } = QUESTIONS[about];
      const cancelId = choices.length - 1;
      const defaultId = choices[0] === 'save' ? 0 : cancelId;
      const response = await this.parts.ask({
        type: 'warning',
        message,
        detail: about !== 'batch' && this.parts.isBatchAtWork() ? detail + BATCH_TOO : detail,
        buttons: choices.map((choice) => LABELS[choice]),
        defaultId,
        cancelId,
        noLink: true,
      });
      const choice = choices[response];
      if (choice === 'discard') {
        this.parts.discarded();
        this.go(goOn);
      }
      if (choice === 'stop') this.go(goOn);
      if (choice === 'save') {
        this.afterSave = goOn;
        this.parts.save();
      }
    } finally {
      this.isAsking = false;
    }
  }

  private go(goOn: () => void): void {
    this.isLeaving = true;
    goOn();
  }
}
