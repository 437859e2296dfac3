import './ui/web-awesome.ts';
import { toSplatError } from '../core/errors.ts';
import { App } from './app.ts';
import { ask } from './desktop.ts';
import { byId } from './ui/dom.ts';
import { probeGraphics } from './view/graphics-probe.ts';
import { Notice } from './window/notice.ts';
import { runRenderJob } from './jobs/render-job.ts';

/** Composition root: asks main what to do, probes the GPU, then makes one picture or opens the app. */
async function start(): Promise<void> {
  const startUp = await ask(window.desktop.startUp());
  const graphics = await probeGraphics();
  if ((await ask(window.desktop.reportGraphics(graphics))) === 'restarting') return;
  if (startUp.renderJob !== undefined) await runRenderJob(startUp.renderJob);
  else await new App(startUp, graphics).open();
}

start().catch((error: unknown) => {
  const { sentence } = toSplatError(error, 'io', 'The app could not start');
  void window.desktop.log('error', sentence);
  void window.desktop.failRenderJob(sentence);
  new Notice(byId('notice'), () => undefined).show({
    icon: 'warning',
    title: 'The app could not start',
    text: sentence,
    isError: true,
  });
});
