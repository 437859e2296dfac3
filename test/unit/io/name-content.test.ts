import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { nameContent } from '../../../renderer/io/name-content.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { dataBytes } from '../../test-data.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const open = (name: string, bytes: Uint8Array): Promise<SplatScene> => readScene(sourceFromBytes(name, bytes));

/** A mesh of a hundred triangles. */
function binaryStl(): Uint8Array {
  const view = new DataView(new ArrayBuffer(84 + 50 * 100));
  view.setUint32(80, 100, true);
  for (let at = 84; at < view.byteLength; at += 50)
    for (const [k, value] of [0, 0.6, 0.8, 1, 2, 3].entries()) view.setFloat32(at + 4 * k, value, true);
  return new Uint8Array(view.buffer);
}

function numpyOf(shape: string): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + '\n';
  return Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0, ...text(header), ...new Uint8Array(64).fill(9));
}

describe('what is no splat scene', () => {
  it.each([
    ['points.xyz', dataBytes('cases/points.xyz'), /a point cloud as text/],
    ['points.splat', dataBytes('cases/points.xyz'), /a point cloud as text/],
    ['zeros.ply', dataBytes('cases/zeros.ply'), /nothing but zeros/],
    ['zeros.splat', new Uint8Array(3200), /nothing but zeros/],
    [
      'luma.zip',
      dataBytes('cases/luma.zip'),
      /a zip archive that holds point_cloud.ply.*Unpack it and open point_cloud.ply/,
    ],
    ['mesh.obj', text('# a mesh\nmtllib a.mtl\nv 0 0 1\nv 1 0 0\nv 0 1 0\nf 1 2 3\n'), /an OBJ mesh/],
    ['mesh.off', text('OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n'), /an OFF mesh/],
    ['erased.splat', new Uint8Array(3200).fill(255), /one and the same byte over and over/],
    ['mesh.gltf', text('{"asset": {"version": "2.0"}, "meshes": [], "scenes": []}'), /a glTF model/],
    ['scene.ply.gz', gzipSync(dataBytes('cases/base.ply')), /a gzip archive that holds a PLY/],
    ['notes.gz', gzipSync(text('hello world, this is a note to myself')), /a gzip archive that holds a text/],
    ['transforms.json', dataBytes('cases/cams/t_null/transforms.json'), /a file of cameras/],
    ['page.ply', text('<!DOCTYPE html><html><body>Sign in</body></html>'), /a web page/],
    ['a.las', text('LASF and more'), /LAS or LAZ/],
    ['nothing.ply', new Uint8Array(0), /nothing.ply is an empty file. Copy or download/],
    [
      'ckpt_29999.pt',
      zipSync({ 'ckpt_29999/data.pkl': Uint8Array.of(128, 2), 'ckpt_29999/data/0': new Uint8Array(8) }),
      /a checkpoint of PyTorch.*Model > Open Checkpoint/,
    ],
    [
      'from-a-mac.zip',
      zipSync({ '__MACOSX/._scan.ply': new Uint8Array(9), 'scan.ply': dataBytes('cases/base.ply') }),
      /holds scan.ply\. Unpack it and open scan.ply/,
    ],
    ['short.gz', gzipSync(text('hello')), /a gzip archive that holds a text/],
    ['empty.gz', gzipSync(new Uint8Array(0)), /a gzip archive without content/],
    ['marked.ply', text('\ufeff<!doctype html>'), /a web page/],
    ['saved.html', text('<!-- saved from a page -->\n<html></html>'), /a web page/],
    ['note.rtf', text('{\\rtf1 hello}'), /but a text/],
    ['link.url', text('[InternetShortcut]\nURL=https://example.org\n'), /but a text/],
    ['tileset.json', text('{"asset":{"version":"1.0"},"geometricError":1,"root":{}}'), /3D Tiles/],
    ['mesh.stl', binaryStl(), /an STL mesh/],
    ['poses_bounds.npy', numpyOf('(20, 17)'), /LLFF's poses of photos.*COLMAP's cameras/],
    ['points.npy', numpyOf('(20, 3)'), /but an array of NumPy/],
    ['._scan.ply', Uint8Array.of(0, 5, 0x16, 7, 0, 2, 0, 0, 77, 97, 99), /a note of macOS.*without "\._"/],
    ['photo.exr', Uint8Array.of(0x76, 0x2f, 0x31, 1, 2, 0, 0, 0), /an EXR picture/],
    [
      'chair.html',
      text('<!doctype html>\n<!--\nThe viewer in this page is SuperSplat Viewer -->\n<html></html>'),
      /a web page with a viewer in it.*the scene that it was made from/,
    ],
  ])('%s is named', async (name, bytes, sentence) => {
    const failure = await open(name, bytes).then(
      () => '',
      (error: unknown) => (error as { sentence: string }).sentence,
    );
    expect(failure).toMatch(sentence);
  });

  it('is a scene all the same where blanks follow the mark of PLY', async () => {
    const bytes = dataBytes('cases/base.ply');
    const spaced = new Uint8Array([...text('ply  '), ...bytes.subarray(3)]);
    expect((await open('spaced.ply', spaced)).positions).toEqual((await open('base.ply', bytes)).positions);
  });

  it('is not told of bytes that are like nothing known', () => {
    expect(nameContent(Uint8Array.of(200, 3, 0, 7, 255))).toBeUndefined();
  });
});
