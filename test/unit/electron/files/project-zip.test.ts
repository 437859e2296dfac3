import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ProjectZip, readProjectZip } from '../../../../electron/files/project-zip.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-project-zip-'));
  path = join(folder, 'a.sfproj');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const first = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);

function write(): Uint8Array {
  const zip = new ProjectZip();
  const pieces = [
    ...zip.add('one', first.slice(0, 400), false),
    ...zip.add('one', first.slice(400), true),
    ...zip.add('none', new Uint8Array(0), true),
    ...zip.add('two', Uint8Array.of(1, 2, 3), true),
    ...zip.end('{"a": 1}'),
  ];
  const bytes = Buffer.concat(pieces);
  writeFileSync(path, bytes);
  return bytes;
}

it('gives back the description and where each part lies', async () => {
  const bytes = write();
  const { description, parts } = await readProjectZip(path);
  expect(description).toBe('{"a": 1}');
  expect(parts.map(({ id, size }) => [id, size])).toEqual([
    ['one', 1000],
    ['none', 0],
    ['two', 3],
  ]);
  const [one] = parts;
  expect(bytes.subarray(one?.offset, (one?.offset ?? 0) + 1000)).toEqual(Buffer.from(first));
});

it('is a zip archive for other programs', () => {
  const members = unzipSync(write());
  expect(Object.keys(members).sort()).toEqual(['parts/none.bin', 'parts/one.bin', 'parts/two.bin', 'project.json']);
  expect(members['parts/one.bin']).toEqual(first);
});

it('finds any flipped byte of description and parts, and every cut, by name', async () => {
  const bytes = write();
  const expectRefused = async (changed: Uint8Array): Promise<void> => {
    writeFileSync(path, changed);
    await expect(readProjectZip(path)).rejects.toMatchObject({
      code: expect.stringMatching(/^(invalid|truncated)-file$/) as string,
      message: expect.stringContaining('a.sfproj') as string,
    });
  };
  const { parts } = await readProjectZip(path);
  for (const { offset, size } of parts)
    for (let at = offset; at < offset + size; at += 97) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] ^= 1;
      await expectRefused(flipped);
    }
  for (let length = 0; length < bytes.length; length += 61) await expectRefused(bytes.slice(0, length));
});

it('refuses what is no project: a scene, another archive, a packed one', async () => {
  for (const bytes of [
    new TextEncoder().encode('ply\nformat ascii 1.0\n'),
    zipSync({ 'meta.json': Uint8Array.of(1) }, { level: 0 }),
    zipSync({ 'project.json': new Uint8Array(1000) }, { level: 9 }),
  ]) {
    writeFileSync(path, bytes);
    await expect(readProjectZip(path)).rejects.toMatchObject({ code: 'invalid-file' });
  }
  await expect(readProjectZip(join(folder, 'none.sfproj'))).rejects.toThrow(/it is not there/);
  expect(readFileSync(path).length).toBeGreaterThan(0);
});
