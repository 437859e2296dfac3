import type { FrameTimings } from '../../gpu/profiler.ts';
import type { StartUp } from '../../bridge/window.ts';
import type { DocumentState } from '../document/document.ts';

interface Facts {
  readonly startUp: StartUp;
  readonly adapter: string;
  readonly pixelSize: readonly [number, number];
  /** Of the last frame, while View > Frame Timings is on. */
  readonly timings: FrameTimings | undefined;
  readonly document: DocumentState;
  readonly log: string;
}

/** What to paste into a report of trouble: versions, graphics, the open scene's shape, the log. No paths. */
export function diagnosticsText({ startUp, adapter, pixelSize, timings, document, log }: Facts): string {
  const { original, refined, modelName, message } = document;
  const [width, height] = pixelSize;
  const lines = [
    `SplatFormer Desktop ${startUp.appVersion}`,
    startUp.systemDescription,
    `Graphics: ${adapter || 'none'} (mode ${startUp.graphicsMode}), ` +
      `${width} x ${height} pixels, ratio ${devicePixelRatio}`,
    `Frame timings: ${timings === undefined ? 'off' : passTimes(timings)}`,
    `Cross-origin isolated: ${crossOriginIsolated}`,
    original === undefined
      ? 'No scene open'
      : `Scene: ${original.meta.format}, ${original.count} splats, SH ${original.shDegree}` +
        (original.meta.antialiased ? ', anti-aliased' : ''),
    refined === undefined
      ? 'Not refined'
      : `Refined: ${refined.scene.count} splats in ${refined.seconds.toFixed(1)} s (${refined.description})`,
    `Model: ${modelName || 'none'}`,
    `Last message: ${message.text}`,
    '',
    'Log:',
    log,
  ];
  return lines.join('\n');
}

function passTimes({ passes }: FrameTimings): string {
  return [...passes].map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(2)} ms`).join(', ');
}
