import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CAMERA_FILE, parseCameraFile } from '../../renderer/core/camera-file.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { parseJson } from '../../renderer/core/json.ts';
import { LARGEST_PICTURE_AREA, LARGEST_PICTURE_SIDE } from '../../renderer/core/picture-size.ts';
import { readWholeFile } from '../../renderer/io/node-source.ts';
import { FilesRead } from '../files/files-read.ts';
import { parseBackground, parseCommandLine, parseSize, required } from './arguments.ts';
import { cancellable } from './cancel.ts';
import { withSceneFile } from './open-scene.ts';
import { runInApp } from './run-in-app.ts';
import { terminal, terminalProgress } from './terminal.ts';

const OPTIONS = {
  camera: { type: 'string' },
  size: { type: 'string' },
  out: { type: 'string' },
  background: { type: 'string', default: '0,0,0' },
} as const;

/**
 * `render SCENE --camera FILE.json --size WxH --out OUT.png`: one picture by the app's own renderer, in a hidden
 * window.
 */
export async function render(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, OPTIONS);
  const scene = required(positionals[0], 'SCENE');
  const cameraPath = required(values.camera, '--camera FILE.json');
  const { width, height } = parseSize(required(values.size, '--size WxH'), LARGEST_PICTURE_SIDE);
  if (width * height > LARGEST_PICTURE_AREA) {
    throw new SplatError(
      'usage',
      `A picture of ${width} x ${height} pixels cannot be made.`,
      `Pictures have up to ${Math.floor(LARGEST_PICTURE_AREA / 1e6)} million pixels.`,
    );
  }
  const out = required(values.out, '--out OUT.png');
  const background = parseBackground(values.background);
  if (!existsSync(scene)) throw new SplatError('io', `There is no file ${scene}.`);
  const read = new FilesRead();
  await read.addScene(scene);
  await read.add(cameraPath);
  await read.assertFree(out);
  const { worldToView, fx, fy, cx, cy } = parseCameraFile(await readJson(cameraPath), width, height);
  const camera = { worldToView: [...worldToView], fx, fy, cx, cy };
  const progress = terminalProgress(out);
  return cancellable(async (signal) => {
    await withSceneFile(scene, signal, (file) =>
      runInApp(
        { kind: 'render', scene: file, camera, width, height, background, out: resolve(out) },
        'The picture was not made',
        progress.listener,
        { signal },
      ),
    ).finally(progress.done);
    terminal.result(`${out}: ${width}x${height}`);
    return 0;
  });
}

async function readJson(path: string): Promise<unknown> {
  return parseJson({ ...CAMERA_FILE, name: path }, (await readWholeFile(path)).toString('utf8'));
}
