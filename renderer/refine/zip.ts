import { SplatError } from '../core/errors.ts';
import { invalidCheckpoint as invalid } from './invalid-checkpoint.ts';

const zip64Marker = 0xffffffff;

/** Refuses, by the first bytes of a file, what PyTorch does not write. Throws `model-invalid`. */
export function requireZipHead(head: Uint8Array): void {
  if (String.fromCharCode(...head.subarray(0, 4)) === 'PK\x03\x04') return;
  const legacy = head[0] === 0x80 && head[1] === 2;
  throw new SplatError(
    'model-invalid',
    legacy
      ? "The checkpoint is in PyTorch's old format (before 1.6), which is not read."
      : 'The checkpoint is not a PyTorch file.',
    legacy ? 'Load it in a current PyTorch and save it again.' : 'Choose a .pth file that torch.save wrote.',
  );
}

/**
 * Lists a ZIP archive whose members are stored without compression, as PyTorch writes them (zip64 included).
 * Returns views on `bytes` by member name; nothing is copied. Throws `model-invalid`.
 * Source: PKWARE APPNOTE, sections 4.3.7, 4.3.12, 4.3.14, 4.3.16, 4.5.3.
 */
export function listStoredZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  requireZipHead(bytes);
  if (bytes.length < 22) throw invalid('it is cut short');
  let end = -1;
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 65535) && end < 0; at--)
    if (view.getUint32(at, true) === 0x06054b50) end = at;
  if (end < 0) throw invalid('it is cut short (the list of its contents is missing)');
  try {
    return readDirectory(bytes, view, end);
  } catch (error) {
    if (error instanceof RangeError) throw invalid('its list of contents points outside the file');
    throw error;
  }
}

function u64(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid('a size in it is impossible');
  return Number(value);
}

function readDirectory(bytes: Uint8Array, view: DataView, end: number): Map<string, Uint8Array> {
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (end >= 20 && view.getUint32(end - 20, true) === 0x07064b50) {
    const record = u64(view, end - 12);
    if (view.getUint32(record, true) !== 0x06064b50) throw invalid('its zip64 record is damaged');
    count = u64(view, record + 32);
    at = u64(view, record + 48);
  }
  const members = new Map<string, Uint8Array>();
  const text = new TextDecoder();
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw invalid('its list of contents is damaged');
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const name = text.decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (view.getUint16(at + 10, true) !== 0)
      throw invalid(`its member ${name} is compressed, which PyTorch never does`);
    let size = view.getUint32(at + 24, true);
    let local = view.getUint32(at + 42, true);
    let extra = at + 46 + nameLength;
    const extraEnd = extra + extraLength;
    while (extra + 4 <= extraEnd) {
      if (view.getUint16(extra, true) === 1) {
        let field = extra + 4;
        if (size === zip64Marker) {
          size = u64(view, field);
          field += 8;
        }
        if (view.getUint32(at + 20, true) === zip64Marker) field += 8;
        if (local === zip64Marker) local = u64(view, field);
      }
      extra += 4 + view.getUint16(extra + 2, true);
    }
    if (view.getUint32(local, true) !== 0x04034b50) throw invalid('one of its members is damaged');
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + size > bytes.length) throw invalid(`it is cut short (its member ${name} ends beyond the file)`);
    members.set(name, bytes.subarray(start, start + size));
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  }
  return members;
}
