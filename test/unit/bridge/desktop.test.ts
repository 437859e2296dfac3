import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES, MAX_CHUNK_BYTES } from '../../../renderer/bridge/chunk-size.ts';
import { MESSAGES } from '../../../renderer/bridge/desktop.ts';
import type { Channel } from '../../../renderer/bridge/desktop.ts';

const ID = '4b0e7b0c-5e6d-4f0a-9a39-1d2c3b4a5f60';

function isAccepted(channel: Channel, ...parameters: unknown[]): boolean {
  return MESSAGES[channel].parameters.safeParse(parameters).success;
}

describe('a message', () => {
  it('has one schema for each parameter and takes no other', () => {
    expect(isAccepted('closeFile', ID)).toBe(true);
    expect(isAccepted('closeFile')).toBe(false);
    expect(isAccepted('closeFile', ID, ID)).toBe(false);
    expect(isAccepted('listModels')).toBe(true);
    expect(isAccepted('listModels', 'all')).toBe(false);
  });

  it('may leave out a parameter that may be undefined', () => {
    expect(isAccepted('showSave', 'a.ply', 'inria-ply')).toBe(true);
    expect(isAccepted('showSave', 'a.ply', 'inria-ply', ID)).toBe(true);
  });

  it('names files by handle, and suggests names without a folder', () => {
    expect(isAccepted('closeFile', '/etc/passwd')).toBe(false);
    expect(isAccepted('showSave', '../a.ply', 'inria-ply')).toBe(false);
    for (const path of ['../a.bin', '/a.bin', 'a/../b', '.hidden', 'a/b/c.webp', 'a\\b.webp'])
      expect(isAccepted('writeBeside', ID, path, new Uint8Array(1), true), path).toBe(false);
    for (const path of ['means_l.webp', '0_0/meta.json', 'a b-12.bin'])
      expect(isAccepted('writeBeside', ID, path, new Uint8Array(1), true), path).toBe(true);
    expect(isAccepted('saveMeasurements', 'a\\b.csv', '')).toBe(false);
  });

  it('reads a chunk at a time: what the page asks for is within what main gives', () => {
    expect(isAccepted('readChunk', ID, 0, CHUNK_BYTES)).toBe(true);
    expect(isAccepted('readChunk', ID, 0, MAX_CHUNK_BYTES + 1)).toBe(false);
    expect(isAccepted('readChunk', ID, -1, 1)).toBe(false);
  });

  it('changes only those settings of a batch that it names', () => {
    expect(MESSAGES.batchChange.parameters.parse([{ strength: 0.5 }])).toEqual([{ strength: 0.5 }]);
    expect(isAccepted('batchChange', { strength: undefined })).toBe(false);
    expect(isAccepted('batchChange', { outputFolder: '/tmp' })).toBe(false);
  });
});
