import { poseParameters } from '../../../camera/camera-pose.ts';
import { throwIfAborted, toSplatError } from '../../../core/errors.ts';
import { formatCount } from '../../../core/units.ts';
import { sceneStem } from '../../../core/writable-formats.ts';
import type { Shot } from '../../../show/shot.ts';
import type { SaveTarget } from '../../../bridge/files.ts';
import { ask, writeChunks } from '../../desktop.ts';
import type { DocumentState } from '../../document/document.ts';
import type { AppContext } from '../../feature.ts';
import { film, splitPicture } from '../../view/film.ts';
import { encodePng } from '../../view/studio.ts';
import type { StudioPicture } from '../../view/studio.ts';
import type { PictureChoice, Shows, VideoChoice } from './save-dialogs.ts';

/** Of the time that saving a picture takes. */
const DRAWING_SHARE = 0.5;

type Context = Pick<AppContext, 'document' | 'viewport' | 'actions'>;

/** Asks for a name and saves what the camera sees now, at the size that was chosen. */
export async function savePicture({ document, viewport, actions }: Context, choice: PictureChoice): Promise<void> {
  const { width, height, shows, background } = choice;
  const picture = pictureOf(document.state, shows, height);
  const { pose, sceneBounds } = viewport.view;
  const target = await askWhere(
    actions,
    'picture',
    `${stemOf(document.state)}${shows === 'split' ? '-split' : ''}.png`,
  );
  if (target === undefined || picture === undefined) return;
  const saved = await actions.write(target, async (options) => {
    const studio = viewport.openStudio();
    try {
      options.onProgress?.({ stage: 'Drawing', fraction: 0 });
      const pixels = await studio.photograph(
        picture,
        poseParameters(pose, width, height, sceneBounds.radius),
        background,
        {
          signal: options.signal,
          onProgress: ({ stage, fraction }) => options.onProgress?.({ stage, fraction: fraction * DRAWING_SHARE }),
        },
      );
      throwIfAborted(options.signal, `Saving ${target.name}`);
      options.onProgress?.({ stage: 'Packing', fraction: DRAWING_SHARE });
      return await write(target, await encodePng(pixels, width, height));
    } finally {
      studio.close();
    }
  });
  if (saved === true) document.exported(target, `Saved ${target.name}, ${width} × ${height} pixels.`);
}

/** Asks for a name and films the shot. */
export async function saveVideo(
  { document, viewport, actions }: Context,
  choice: VideoChoice,
  shot: Shot,
): Promise<void> {
  const { shows, background, ...settings } = choice;
  const picture = pictureOf(document.state, shows, settings.height);
  const target = await askWhere(
    actions,
    'video',
    `${stemOf(document.state)}${shows === 'split' ? '-split' : ''}.${settings.container}`,
  );
  if (target === undefined || picture === undefined) return;
  const report = await actions.write(target, async (options) => {
    const studio = viewport.openStudio();
    try {
      return await film(
        { studio, picture, shot, sceneRadius: viewport.view.sceneBounds.radius, settings, background },
        target,
        options,
      );
    } finally {
      studio.close();
    }
  });
  if (report !== undefined)
    document.exported(
      target,
      `Saved ${target.name}: ${formatCount(report.frames)} frames, ` +
        `${report.durationSeconds.toFixed(1)} s, ${report.codec}.`,
    );
}

/** Asks for a name and saves a text. */
export async function saveText(
  { document, actions }: Pick<Context, 'document' | 'actions'>,
  suggestedName: string,
  text: string,
): Promise<void> {
  const target = await askWhere(actions, 'camera', suggestedName);
  if (target === undefined) return;
  const saved = await actions.write(target, () => write(target, new TextEncoder().encode(text)));
  if (saved === true) document.exported(target, `Saved ${target.name}.`);
}

/** The part of a file name that stands for the scene. */
export function stemOf({ file }: Pick<DocumentState, 'file'>): string {
  return sceneStem(file?.name ?? 'scene');
}

function pictureOf({ original, refined }: DocumentState, shows: Shows, height: number): StudioPicture | undefined {
  if (original === undefined) return undefined;
  if (refined === undefined || shows === 'before') return { kind: 'scene', scene: original };
  return shows === 'after' ? { kind: 'scene', scene: refined.scene } : splitPicture(original, refined.scene, height);
}

async function askWhere(
  actions: Context['actions'],
  kind: 'picture' | 'video' | 'camera',
  suggestedName: string,
): Promise<SaveTarget | undefined> {
  try {
    return await ask(window.desktop.showSaveShow(kind, suggestedName));
  } catch (error) {
    actions.report(toSplatError(error, 'io', 'The file could not be saved'));
    return undefined;
  }
}

/** Writes the bytes and puts the file in place. */
async function write(target: SaveTarget, bytes: Uint8Array): Promise<true> {
  await writeChunks(target, bytes);
  await ask(window.desktop.finishShowSave(target.id));
  return true;
}
