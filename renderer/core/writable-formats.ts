/** Formats that scenes can be written in. */
export const WRITABLE_FORMATS = ['inria-ply', 'compressed-ply', 'spz'] as const;
export type WritableFormatId = (typeof WRITABLE_FORMATS)[number];

/** How the names of files end, by format. */
export const FILE_EXTENSIONS: Readonly<Record<WritableFormatId, string>> = {
  'inria-ply': '.ply',
  'compressed-ply': '.compressed.ply',
  spz: '.spz',
};

/** How a person chooses a format: its name, and what is kept by it. */
export const FORMAT_WORDS: Readonly<Record<WritableFormatId, { readonly label: string; readonly keeps: string }>> = {
  'inria-ply': { label: 'PLY', keeps: 'Keeps everything exactly. The largest file; every program reads it.' },
  'compressed-ply': { label: 'Compressed PLY', keeps: 'Rounds a little. About a quarter of the size.' },
  spz: { label: 'SPZ', keeps: 'Rounds a little. About a tenth of the size; for the web and phones.' },
};

/** The format that a file name asks for by its end, or undefined where it asks for none that can be written. */
export function formatOfName(name: string): WritableFormatId | undefined {
  const lower = name.toLowerCase();
  // `.compressed.ply` ends in `.ply` too: the longest end that fits is meant.
  const fitting = WRITABLE_FORMATS.filter((format) => lower.endsWith(FILE_EXTENSIONS[format]));
  return fitting.sort((a, b) => FILE_EXTENSIONS[b].length - FILE_EXTENSIONS[a].length)[0];
}

/** The extensions for a sentence. */
export const EXTENSIONS_IN_WORDS = '.ply, .compressed.ply or .spz';

/** A file name without its extension; a name that is all extension stays. */
export function fileStem(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, '') || fileName;
}

/** A scene's file name without its extension: `biker.compressed.ply` is `biker`. */
export function sceneStem(fileName: string): string {
  return fileStem(fileName.replace(/\.compressed(?=\.[^.]+$)/i, '')) || fileName;
}
