/** What a file is that is no splat scene, and what to do about it, in words of people. */
export interface NamedContent {
  /** Completes "It is …" and "It holds …": `a point cloud as text`. */
  readonly what: string;
  readonly advice: string;
}

type Mark = readonly [bytes: string, at: number, what: string, advice: string];

const UNPACK = 'Unpack it and open the scene inside.';
const TRAINED = 'Open what training Gaussian splats gave: .ply, .splat, .ksplat, .spz or .sog.';
const AGAIN = 'Copy or download the file again.';

/** Beginnings of files that people take for scenes, as Latin-1. */
const MARKS: readonly Mark[] = [
  ['glTF', 0, 'a glTF model', TRAINED],
  ['PK\x03\x04', 0, 'a zip archive', UNPACK],
  ['PK\x05\x06', 0, 'an empty zip archive', AGAIN],
  ['\x1f\x8b', 0, 'a gzip archive', UNPACK],
  ['7z\xbc\xaf\x27\x1c', 0, 'a 7-Zip archive', UNPACK],
  ['Rar!', 0, 'a RAR archive', UNPACK],
  ['BZh', 0, 'a bzip2 archive', UNPACK],
  ['\xfd7zXZ', 0, 'an XZ archive', UNPACK],
  ['\x28\xb5\x2f\xfd', 0, 'a Zstandard archive', UNPACK],
  ['ustar', 257, 'a tar archive', UNPACK],
  ['LASF', 0, 'a point cloud in the format LAS or LAZ', TRAINED],
  ['ASTM-E57', 0, 'a point cloud in the format E57', TRAINED],
  ['# .PCD', 0, 'a point cloud in the format PCD', TRAINED],
  ['Kaydara FBX', 0, 'an FBX model', TRAINED],
  ['PXR-USDC', 0, 'a USD model', TRAINED],
  ['#usda', 0, 'a USD model', TRAINED],
  ['BLENDER', 0, 'a Blender project', TRAINED],
  ['solid ', 0, 'an STL mesh', TRAINED],
  ['DRACO', 0, 'a mesh or point cloud packed by Draco', TRAINED],
  ['b3dm', 0, 'a tile of 3D Tiles', TRAINED],
  ['\x89PNG', 0, 'a PNG picture', TRAINED],
  ['\xff\xd8\xff', 0, 'a JPEG picture', TRAINED],
  ['GIF8', 0, 'a GIF picture', TRAINED],
  ['ftyp', 4, 'a video or a HEIC picture', TRAINED],
  ['WEBP', 8, 'a WebP picture', 'If it belongs to a SOG folder, open its meta.json.'],
  ['v/1\x01', 0, 'an EXR picture', TRAINED],
  ['#?RADIANCE', 0, 'a picture in the format HDR', TRAINED],
  ['II*\0', 0, 'a TIFF or raw picture', TRAINED],
  ['MM\0*', 0, 'a TIFF or raw picture', TRAINED],
  ['AVI ', 8, 'a video', TRAINED],
  ['\x1a\x45\xdf\xa3', 0, 'a video', TRAINED],
  ['%PDF', 0, 'a PDF document', TRAINED],
  ['SQLite format 3\0', 0, 'a database, such as that of COLMAP', TRAINED],
  ['\x89HDF', 0, 'a container of arrays (HDF5)', TRAINED],
  ['MZ\x90\0', 0, 'a program of Windows', TRAINED],
  ['\x7fELF', 0, 'a program of Linux', TRAINED],
  [
    '\0\x05\x16\x07',
    0,
    'a note of macOS about another file',
    'Open the file of the same name without "._" at the beginning.',
  ],
  ['version https://git-lfs', 0, "Git LFS's note that the file is elsewhere", 'Fetch it with "git lfs pull".'],
];

const POSES: NamedContent = {
  what: "an array of NumPy with LLFF's poses of photos",
  advice: "It holds cameras and no splats. Open a scene first, then COLMAP's cameras that the poses were made from.",
};

/** Names the content of a file by its first bytes; undefined where it is like nothing that is known. */
export function nameContent(head: Uint8Array): NamedContent | undefined {
  if (head.every((byte) => byte === 0))
    return { what: 'nothing but zeros, as a broken copy or download leaves it', advice: AGAIN };
  if (head.length > 1 && head.every((byte) => byte === head[0]))
    return { what: 'one and the same byte over and over, as a broken copy or download leaves it', advice: AGAIN };
  const text = new TextDecoder('latin1').decode(head);
  if (text.startsWith('\x93NUMPY')) return isLlffPoses(text) ? POSES : { what: 'an array of NumPy', advice: TRAINED };
  const mark = MARKS.find(([bytes, at]) => text.startsWith(bytes, at));
  if (mark !== undefined) return { what: mark[2], advice: mark[3] };
  if (isBinaryStl(head)) return { what: 'an STL mesh', advice: TRAINED };
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) return { what: 'a text in UTF-16', advice: TRAINED };
  return isText(head) ? nameText(text.replace(UTF_8_MARK, '').trimStart()) : undefined;
}

/** What editors of Windows put before a text, as Latin-1. */
const UTF_8_MARK = /^\xef\xbb\xbf/;

/** Whether an array of NumPy has the 17 numbers a row of LLFF's `poses_bounds.npy`. */
export function isLlffPoses(text: string): boolean {
  return /^\x93NUMPY[^]{2,8}\{[^}]*'shape': \(\d+, 17\)/.test(text);
}

/** Binary STL has no mark: 80 bytes of anything, a count, and triangles of 50 bytes that begin with a unit normal. */
function isBinaryStl(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const triangles = Math.min(STL_TRIALS, Math.floor((head.byteLength - 84) / 50));
  if (triangles < 1 || view.getUint32(80, true) < triangles) return false;
  for (let at = 84; at < 84 + 50 * triangles; at += 50) {
    const length = Math.hypot(...[0, 4, 8].map((k) => view.getFloat32(at + k, true)));
    if (!(length === 0 || Math.abs(length - 1) < 1e-3)) return false;
  }
  return true;
}

/** So many triangles are looked at. */
const STL_TRIALS = 20;

/** Whether bytes are printable text, in whatever language and encoding: none of them has the byte 255. */
export function isText(head: Uint8Array): boolean {
  return head.length > 0 && head.every((byte) => (byte >= 32 && byte < 255) || (byte >= 9 && byte <= 13));
}

function nameText(text: string): NamedContent {
  if (/^<!doctype html[^]*SuperSplat Viewer/i.test(text))
    return {
      what: 'a web page with a viewer in it',
      advice: 'Open the page in a browser, and here the scene that it was made from.',
    };
  if (/^(<!--[^]*?-->\s*)*(<!doctype html|<html)/i.test(text))
    return { what: 'a web page', advice: 'Download the file itself, not the page that leads to it.' };
  if (text.startsWith('<')) return { what: 'an XML document, perhaps an error of a download', advice: AGAIN };
  if (/^(\{\s*["}]|\[\s*[[{"\]\d-])/.test(text)) return nameJson(text);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^[#/]/.test(line));
  // The last line may be cut off.
  const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
  if (/^[CN]?OFF\b/.test(text)) return { what: 'an OFF mesh', advice: TRAINED };
  if (whole.some((line) => /^(v|vn|vt|f|o|g|mtllib|usemtl)\s/.test(line)) && /^v\s/m.test(text))
    return { what: 'an OBJ mesh', advice: TRAINED };
  const numbers = whole.filter((line) => {
    const fields = line.trim().split(/[\s,;]+/);
    return fields.length >= 3 && fields.every((field) => field !== '' && Number.isFinite(Number(field)));
  });
  if (numbers.length > 0 && numbers.length >= 0.9 * whole.length - 1)
    return { what: 'a point cloud as text: its points have no size and no rotation', advice: TRAINED };
  return { what: 'a text', advice: TRAINED };
}

function nameJson(text: string): NamedContent {
  if (/"geometricError"\s*:/.test(text)) return { what: 'a set of tiles (3D Tiles)', advice: TRAINED };
  if (/"asset"\s*:/.test(text) && /"(meshes|scenes|nodes|buffers)"\s*:/.test(text))
    return { what: 'a glTF model', advice: TRAINED };
  if (/"(frames|transform_matrix|img_name)"\s*:/.test(text))
    return { what: 'a file of cameras', advice: 'Open a scene first, then the cameras in the panel Judge.' };
  return { what: 'a JSON file without a scene', advice: TRAINED };
}
