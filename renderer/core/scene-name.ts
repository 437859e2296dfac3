/** A scene's file name without its extension: `biker.compressed.ply` is `biker`. A name that is all extension stays. */
export function sceneStem(fileName: string): string {
  return fileName.replace(/(\.compressed)?\.[^.]+$/i, '') || fileName;
}
