import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { requireCameras, requireCheckpoint, requireScene } from '../../../../electron/files/named-content.ts';
import { dataPath } from '../../../test-data.ts';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'splatformer-content-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n';

it('what is not of its kind is not given to a page that names it, whatever it is called', async () => {
  for (const name of ['id_ed25519', 'key.ply', 'key.splat', 'key.spz']) {
    const path = put(name, KEY);
    await expect(requireScene(path)).rejects.toMatchObject({ code: 'unknown-format' });
    await expect(requireCheckpoint(path)).rejects.toMatchObject({ code: 'model-invalid' });
    await expect(requireCameras(path)).rejects.toMatchObject({ code: 'unknown-format' });
  }
  const passwords = put('settings.json', '{"password":"secret"}');
  await expect(requireScene(passwords)).rejects.toMatchObject({ code: 'unknown-format' });
  await expect(requireCameras(passwords)).rejects.toMatchObject({ code: 'unknown-format' });
  await expect(requireScene(join(folder, 'gone'))).rejects.toMatchObject({ code: 'io' });
});

it('scenes, checkpoints and cameras pass, damaged ones too: their readers say more', async () => {
  const scenes = ['weights/sample.ply', 'scenes/plant.splat', 'scenes/biker.spz', 'scenes/playbot/6_0/meta.json'];
  for (const scene of [...scenes, 'scenes/playbot']) await requireScene(dataPath(scene));
  await requireScene(put('empty.ply', ''));
  await requireScene(put('cut.ply', 'ply\nformat bin'));
  await requireCheckpoint(dataPath('weights/first.pth'));
  await requireCameras(put('cameras.json', '[{"id":0,"img_name":"a'));
  await requireCameras(put('transforms.json', '{"camera_angle_x":0.7,"frames":['));
  await requireCameras(put('cameras.txt', '# Camera list with one line of data per camera:\n'));
  await requireCameras(put('images.bin', new Uint8Array(64)));
});
