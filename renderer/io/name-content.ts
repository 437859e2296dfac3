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
  ['\x89PNG', 0, 'a PNG picture', TRAINED],
  ['\xff\xd8\xff', 0, 'a JPEG picture', TRAINED],
  ['GIF8', 0, 'a GIF picture', TRAINED],
  ['ftyp', 4, 'a video or a HEIC picture', TRAINED],
  ['WEBP', 8, 'a WebP picture', 'If it belongs to a SOG folder, open its meta.json.'],
  ['%PDF', 0, 'a PDF document', TRAINED],
  ['version https://git-lfs', 0, "Git LFS's note that the file is elsewhere", 'Fetch it with "git lfs pull".'],
  ['\x93NUMPY', 0, 'an array of NumPy', TRAINED],
];

/** Names the content of a file by its first bytes; undefined where it is like nothing that is known. */
export function nameContent(head: Uint8Array): NamedContent | undefined {
  if (head.every((byte) => byte === 0))
    return { what: 'nothing but zeros, as a broken copy or download leaves it', advice: AGAIN };
  if (head.length > 1 && head.every((byte) => byte === head[0]))
    return { what: 'one and the same byte over and over, as a broken copy or download leaves it', advice: AGAIN };
  const text = new TextDecoder('latin1').decode(head);
  const mark = MARKS.find(([bytes, at]) => text.startsWith(bytes, at));
  if (mark !== undefined) return { what: mark[2], advice: mark[3] };
  return isText(head) ? nameText(text.trimStart()) : undefined;
}

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
  if (/^(<!doctype html|<html)/i.test(text))
    return { what: 'a web page', advice: 'Download the file itself, not the page that leads to it.' };
  if (text.startsWith('<')) return { what: 'an XML document, perhaps an error of a download', advice: AGAIN };
  if (text.startsWith('{') || text.startsWith('[')) return nameJson(text);
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
  if (/"asset"\s*:/.test(text) && /"(meshes|scenes|nodes|buffers)"\s*:/.test(text))
    return { what: 'a glTF model', advice: TRAINED };
  if (/"(frames|transform_matrix|img_name)"\s*:/.test(text))
    return { what: 'a file of cameras', advice: 'Open a scene first, then the cameras in the panel Judge.' };
  return { what: 'a JSON file without a scene', advice: TRAINED };
}
