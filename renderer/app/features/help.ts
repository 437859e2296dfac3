import { ask } from '../desktop.ts';
import { diagnosticsText } from '../diagnostics.ts';
import { byId } from '../dom.ts';
import type { AppContext, Feature } from '../feature.ts';
import { fillHelp } from '../panels/help.ts';

/** The sheet of keys, and what a bug report needs. */
export function helpFeature({ document, viewport, startUp, platform }: AppContext): Feature {
  const help = byId<HTMLDialogElement>('help');
  fillHelp(help, platform);
  const copyDiagnostics = async (): Promise<void> => {
    const log = await ask(window.desktop.recentLog());
    const { adapter, pixelSize } = viewport;
    await ask(window.desktop.copyText(diagnosticsText({ startUp, adapter, pixelSize, document: document.state, log })));
    document.say('Diagnostics are on the clipboard.');
  };
  return {
    commands: {
      'help.keys': () => help.showModal(),
      'help.diagnostics': () => void copyDiagnostics(),
    },
  };
}
