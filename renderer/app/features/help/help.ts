import { ask } from '../../desktop.ts';
import { diagnosticsText } from '../../window/diagnostics.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { helpSheet } from './sheet.ts';
import { makeDialog } from '../../ui/dialog.ts';

/** The sheet of keys, and what a bug report needs. */
export function helpFeature({ document, viewport, startUp, platform }: AppContext): Feature {
  const help = makeDialog('Keyboard and mouse', helpSheet(platform));
  help.element.classList.add('wide');
  const copyDiagnostics = async (): Promise<void> => {
    const log = await ask(window.desktop.recentLog());
    const { adapter, pixelSize, timings } = viewport;
    await ask(
      window.desktop.copyText(diagnosticsText({ startUp, adapter, pixelSize, timings, document: document.state, log })),
    );
    document.say('Diagnostics are on the clipboard.');
  };
  return {
    commands: {
      'help.keys': () => help.open(),
      'help.diagnostics': () => void copyDiagnostics(),
    },
  };
}
