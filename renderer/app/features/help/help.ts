import { ask } from '../../desktop.ts';
import { diagnosticsText } from '../../window/diagnostics.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { guidePage } from './guide.ts';
import { helpSheet } from './sheet.ts';
import { Updates } from './updates.ts';
import { makeDialog } from '../../ui/dialog.ts';
import type { AppDialog } from '../../ui/dialog.ts';

/** The guide, the sheet of keys, what a bug report needs, and new versions of the app. */
export class HelpFeature implements Feature {
  readonly commands = {
    'help.guide': () => this.openGuide(),
    'help.keys': () => this.sheet.open(),
    'help.diagnostics': () => void this.copyDiagnostics(),
    'help.updates': () => void this.updates.open(),
  };
  private readonly sheet: AppDialog;
  private readonly updates: Updates;
  private guide: AppDialog | undefined;

  constructor(private readonly context: AppContext) {
    this.sheet = makeDialog('Keyboard and mouse', helpSheet(context.platform));
    this.sheet.element.classList.add('wide');
    this.updates = new Updates(context);
  }

  started(): void {
    this.updates.started();
  }

  /** It is made when it is first asked for, and stays where one has read to. */
  private openGuide(): void {
    if (this.guide === undefined) {
      this.guide = makeDialog('Guide', guidePage());
      this.guide.element.classList.add('guide-dialog');
    }
    this.guide.open();
  }

  private async copyDiagnostics(): Promise<void> {
    const { startUp, viewport, document } = this.context;
    const { adapter, pixelSize, timings } = viewport;
    const log = await ask(window.desktop.recentLog());
    const text = diagnosticsText({ startUp, adapter, pixelSize, timings, document: document.state, log });
    await ask(window.desktop.copyText(text));
    document.say('Diagnostics are on the clipboard.');
  }
}
