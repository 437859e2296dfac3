import { expect, it } from 'vitest';
import { openSibling, sourceFromBytes, sourceFromFiles } from '../../../renderer/io/source.ts';

const nothing = new Uint8Array(0);

it('opens what lies beside a scene', async () => {
  const source = sourceFromFiles('a.gltf', { 'a.gltf': nothing, 'a.bin': Uint8Array.of(1, 2) });
  expect((await openSibling(source, 'a.bin')).size).toBe(2);
});

it('says what is needed where a scene came without its folder', () => {
  expect(() => openSibling(sourceFromBytes('a.gltf', nothing), 'a.bin')).toThrow('it needs the file a.bin beside it');
});

it('names no file whose name fills a page', () => {
  const open = (): unknown => openSibling(sourceFromBytes('a.gltf', nothing), 'x'.repeat(600));
  expect(open).toThrow('a file whose name has 600 letters');
});
