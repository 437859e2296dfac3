const START_OF_IMAGE = 0xffd8;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
/** "Exif" */
const EXIF = 0x45786966;

/**
 * A JPEG whose EXIF no decoder finds, so that none turns the picture by it: browsers do so even when told not to,
 * programs that train splats do not. Anything else comes back as it is.
 */
export function withoutExif(file: ArrayBuffer): ArrayBuffer {
  const view = new DataView(file);
  if (file.byteLength < 4 || view.getUint16(0) !== START_OF_IMAGE) return file;
  let copy: Uint8Array<ArrayBuffer> | undefined;
  // Segments of 0xff, marker, length (itself included), up to the picture's own data.
  for (let at = 2; at + 8 <= file.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (marker === START_OF_SCAN) break;
    if (marker !== APP1 || view.getUint32(at + 4) !== EXIF) continue;
    copy ??= new Uint8Array(file.slice(0));
    copy[at + 4] = 0;
  }
  return copy?.buffer ?? file;
}
