import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileTable } from '../../../../electron/files/files.ts';
import { taskEnd } from '../../../../electron/jobs/task-end.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-end-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a task that ends leaves nothing half-written, and only its first end counts', async () => {
  const files = new FileTable();
  const { id } = await files.beginSave(join(folder, 'film.mp4'), undefined);
  await files.write(id, new Uint8Array(100));
  expect(readdirSync(folder)).toHaveLength(1);
  const complain = vi.fn();
  const leftAtExit: string[][] = [];
  const exit = vi.fn(() => void leftAtExit.push(readdirSync(folder)));
  const end = taskEnd({ files, complain, exit });
  await Promise.all([end(1, 'The page crashed.'), end(0, 'The page wrote to a file that is not being saved.')]);
  expect(complain).toHaveBeenCalledExactlyOnceWith('The page crashed.');
  expect(exit).toHaveBeenCalledExactlyOnceWith(1);
  expect(leftAtExit).toEqual([[]]);
});

test('a disk that hangs does not keep a task from its end', async () => {
  const exit = vi.fn();
  await taskEnd({
    files: { abandonAllSaves: () => new Promise(() => undefined) },
    complain: vi.fn(),
    exit,
    longestWaitMs: 10,
  })(3);
  expect(exit).toHaveBeenCalledExactlyOnceWith(3);
});
