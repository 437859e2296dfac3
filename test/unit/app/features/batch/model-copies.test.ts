import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { LoopbackWorker } from '../../../workers/loopback-worker.ts';
import { ModelCopies } from '../../../../../renderer/app/features/batch/model-copies.ts';

const CHECKPOINT = readFileSync(new URL('../../../../../models/splatformer-desktop.pth', import.meta.url));

test('the batch knows how large the answers of listed, chosen and kept models are', async () => {
  const copies = new ModelCopies();
  expect(copies.of('anchor')).toBe(1);
  copies.learnListed([
    { fileName: 'anchor.pth', copies: 20 },
    { fileName: 'a.b.pt', copies: 4 },
  ]);
  await copies.learnFile({ id: 'r', name: 'registered.pth', size: 1, model: { id: 'x', name: 'X', copies: 8 } });
  expect(['anchor', 'a.b', 'registered'].map((name) => copies.of(name))).toEqual([20, 4, 8]);
});

test('a checkpoint on no list is looked into, and a damaged one is refused', async () => {
  const files = new Map<string, Uint8Array>([
    ['own', CHECKPOINT],
    ['sidecar', readFileSync(new URL('../../../../../models/splatformer-desktop.json', import.meta.url))],
    ['bad', Buffer.from('no checkpoint')],
  ]);
  const file = (id: string, name: string) => ({ id, name, size: files.get(id)?.length ?? 0 });
  vi.stubGlobal('window', {
    desktop: {
      readChunk: (id: string, offset: number, length: number) =>
        Promise.resolve({ ok: true, value: files.get(id)?.subarray(offset, offset + length) }),
      closeFile: () => Promise.resolve(),
    },
  });
  vi.stubGlobal('Worker', LoopbackWorker);
  const copies = new ModelCopies();
  copies.learnListed([{ fileName: 'own.pth', copies: 9 }]);
  await copies.learnFile({ ...file('own', 'own.pth'), sidecar: file('sidecar', 'own.json') });
  expect(copies.of('own')).toBe(1);
  await expect(copies.learnFile(file('bad', 'bad.pth'))).rejects.toMatchObject({ code: 'model-invalid' });
  vi.unstubAllGlobals();
});
