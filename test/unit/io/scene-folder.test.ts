import { expect, it } from 'vitest';
import { descriptionAmong } from '../../../renderer/io/scene-folder.ts';

const among = (...names: string[]): string | undefined =>
  descriptionAmong(names.map((name) => ({ name: name.replace(/\/$/, ''), isDirectory: () => name.endsWith('/') })));

it.each([
  ['the levels of a streamed SOG', ['0_0/', 'lod-meta.json', 'scene.ply'], 'lod-meta.json'],
  ['a SOG with its pictures, whatever else is there', ['Meta.json', 'means_l.webp', 'a.ply'], 'Meta.json'],
  ['a .gltf with its numbers', ['scene.gltf', 'scene.bin', 'cameras.json'], 'scene.gltf'],
  ['an LCC scene', ['meta.lcc', 'index.bin', 'data.bin', 'shcoef.bin', 'assets/'], 'meta.lcc'],
  ['an LCC2 scene', ['meta.lcc2', '3dgs/'], 'meta.lcc2'],
])('opens %s', (_, names, description) => {
  expect(among(...names)).toBe(description);
});

it('is no scene where there are several, or none', () => {
  expect(among('a.gltf', 'b.gltf')).toBeUndefined();
  expect(among('a.gltf', 'b.ply')).toBeUndefined();
  expect(among('a.ply')).toBeUndefined();
  expect(among('meta.json')).toBeUndefined();
  expect(among('scene.gltf/', 'a.bin')).toBeUndefined();
});
