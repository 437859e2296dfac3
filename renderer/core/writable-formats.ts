/** Formats that scenes can be written in, in the order in which people are offered them. */
export const WRITABLE_FORMATS = [
  'inria-ply',
  'compressed-ply',
  'spz',
  'sog',
  'sog-folder',
  'streamed-sog',
  'glb',
  'gltf',
  'splat',
  'html',
] as const;
export type WritableFormatId = (typeof WRITABLE_FORMATS)[number];

/** How the names of files end, by format. Formats that are a folder are named by the file in it that is opened. */
export const FILE_EXTENSIONS: Readonly<Record<WritableFormatId, string>> = {
  'inria-ply': '.ply',
  'compressed-ply': '.compressed.ply',
  spz: '.spz',
  sog: '.sog',
  'sog-folder': '/meta.json',
  'streamed-sog': '/lod-meta.json',
  glb: '.glb',
  gltf: '.gltf',
  splat: '.splat',
  html: '.html',
};

/** How a person chooses a format: its name, and what is kept by it. */
export const FORMAT_WORDS: Readonly<Record<WritableFormatId, { readonly label: string; readonly keeps: string }>> = {
  'inria-ply': { label: 'PLY', keeps: 'Keeps everything exactly; every program reads it.' },
  'compressed-ply': { label: 'Compressed PLY', keeps: 'Rounds a little; about a quarter of the size.' },
  spz: { label: 'SPZ', keeps: 'Rounds a little; about a tenth of the size, for web and phones.' },
  sog: { label: 'SOG', keeps: 'Rounds a little; about a tenth of the size, for the web.' },
  'sog-folder': { label: 'SOG folder', keeps: 'The same as a folder of pictures, for web servers.' },
  'streamed-sog': { label: 'Streamed SOG', keeps: 'A folder with levels of detail, for large scenes on the web.' },
  glb: { label: 'glTF, one file', keeps: 'Keeps the numbers; for 3D programs and engines.' },
  gltf: { label: 'glTF with .bin', keeps: 'The same, with the numbers in a file beside it.' },
  splat: { label: 'SPLAT', keeps: 'The same colours from all sides; for older viewers.' },
  html: { label: 'Web page', keeps: 'One file with a viewer in it, for any browser, no network needed.' },
};

/** The format that a file name or path asks for by its end, or undefined where it asks for none that can be written. */
export function formatOfName(name: string): WritableFormatId | undefined {
  const lower = `/${name.toLowerCase().replaceAll('\\', '/')}`;
  // `.compressed.ply` ends in `.ply` too: the longest end that fits is meant.
  const fitting = WRITABLE_FORMATS.filter((format) => lower.endsWith(FILE_EXTENSIONS[format]));
  return fitting.sort((a, b) => FILE_EXTENSIONS[b].length - FILE_EXTENSIONS[a].length)[0];
}

/** Whether scenes of this format are a folder of their own. */
export function isFolderFormat(format: WritableFormatId | undefined): boolean {
  return format !== undefined && FILE_EXTENSIONS[format].startsWith('/');
}

/** The extensions for a sentence. */
export const EXTENSIONS_IN_WORDS =
  '.ply, .compressed.ply, .spz, .sog, .glb, .gltf, .splat or .html; a SOG folder is NAME/meta.json or, ' +
  'with levels of detail, NAME/lod-meta.json';

/** A file name without its extension; a name that is all extension stays. */
export function fileStem(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, '') || fileName;
}

/** A scene's file name without its extension: `biker.compressed.ply` is `biker`. */
export function sceneStem(fileName: string): string {
  return fileStem(fileName.replace(/\.compressed(?=\.[^.]+$)/i, '')) || fileName;
}
