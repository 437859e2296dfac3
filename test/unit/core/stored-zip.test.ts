import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { SplatError } from '../../../renderer/core/errors.ts';
import { isZipHead, listStoredZip, readStoredZip } from '../../../renderer/core/stored-zip.ts';
import type { StoredEntry } from '../../../renderer/core/stored-zip.ts';

const one = Uint8Array.from({ length: 300 }, (_, i) => i * 7);
const archive = (): Uint8Array =>
  zipSync({ 'a/one.bin': one, none: new Uint8Array(0), 'two.txt': Uint8Array.of(1, 2, 3) }, { level: 0 });

const refuse = (reason: string, isCutShort: boolean): SplatError =>
  new SplatError(isCutShort ? 'truncated-file' : 'invalid-file', reason);
const list = (bytes: Uint8Array): readonly StoredEntry[] => listStoredZip(bytes, refuse);
const view = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);

/** Where the record of the first member in the list begins, and the end record. */
function placesOf(bytes: Uint8Array): { readonly central: number; readonly end: number } {
  const end = bytes.length - 22;
  return { central: view(bytes).getUint32(end + 16, true), end };
}

function changed(change: (view: DataView, places: ReturnType<typeof placesOf>) => void): Uint8Array {
  const bytes = archive();
  change(view(bytes), placesOf(bytes));
  return bytes;
}

/** The archive as programs write it that use zip64 throughout: PyTorch, where a file may become large. */
function zip64(claim: Partial<Record<'size' | 'count', bigint>> = {}): Uint8Array {
  const plain = zipSync({ 'data.pkl': one }, { level: 0 });
  const { central, end } = placesOf(plain);
  const record = Buffer.from(plain.subarray(central, end));
  record.writeUInt32LE(0xffffffff, 20);
  record.writeUInt32LE(0xffffffff, 24);
  record.writeUInt32LE(0xffffffff, 42);
  record.writeUInt16LE(28, 30);
  const field = Buffer.alloc(28);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(24, 2);
  field.writeBigUInt64LE(claim.size ?? BigInt(one.length), 4);
  field.writeBigUInt64LE(BigInt(one.length), 12);
  const zip64End = Buffer.alloc(56);
  zip64End.writeUInt32LE(0x06064b50, 0);
  zip64End.writeBigUInt64LE(claim.count ?? 1n, 32);
  zip64End.writeBigUInt64LE(BigInt(record.length + field.length), 40);
  zip64End.writeBigUInt64LE(BigInt(central), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(central + record.length + field.length), 8);
  const last = Buffer.from(plain.subarray(end));
  last.fill(0xff, 8, 20);
  return new Uint8Array(Buffer.concat([plain.subarray(0, central), record, field, zip64End, locator, last]));
}

it('lists names, sizes and places, from memory and piece by piece alike', async () => {
  const bytes = archive();
  const entries = list(bytes);
  expect(entries.map(({ name, size }) => [name, size])).toEqual([
    ['a/one.bin', 300],
    ['none', 0],
    ['two.txt', 3],
  ]);
  expect(bytes.subarray(entries[0]?.offset, (entries[0]?.offset ?? 0) + 300)).toEqual(one);
  let most = 0;
  const read = (offset: number, length: number): Promise<Uint8Array> => {
    most = Math.max(most, length);
    return Promise.resolve(bytes.slice(offset, offset + length));
  };
  expect(await readStoredZip(read, bytes.length, refuse)).toEqual(entries);
  expect(most).toBeLessThan(70_000);
  expect(list(zipSync({}))).toEqual([]);
});

it('lists zip64 archives', () => {
  const bytes = zip64();
  const [{ name, size, offset }] = list(bytes);
  expect([name, size]).toEqual(['data.pkl', 300]);
  expect(bytes.subarray(offset, offset + size)).toEqual(one);
});

it('tells archives by their first bytes', () => {
  expect(isZipHead(archive())).toBe(true);
  for (const bytes of [new Uint8Array(0), Uint8Array.of(0x50, 0x4b), new TextEncoder().encode('ply\n')])
    expect(isZipHead(bytes)).toBe(false);
});

describe('refuses by name', () => {
  const cases: readonly (readonly [what: string, bytes: () => Uint8Array, reason: string])[] = [
    ['what is no archive', () => new TextEncoder().encode('ply\n'), 'it is no zip archive'],
    ['an empty file', () => new Uint8Array(0), 'it is no zip archive'],
    ['a packed member', () => zipSync({ a: new Uint8Array(999) }, { level: 9 }), 'a in it is compressed'],
    ['a moved list', () => changed((v, { end }) => v.setUint32(end + 16, 0xfffffff, true)), 'points outside the file'],
    ['a huge list', () => changed((v, { end }) => v.setUint32(end + 12, 0x7fffffff, true)), 'takes 2147483647 bytes'],
    ['more members than are listed', () => changed((v, { end }) => v.setUint16(end + 10, 9, true)), 'is damaged'],
    [
      'a member that is elsewhere',
      () => changed((v, { central }) => v.setUint32(central + 42, 7, true)),
      'a/one.bin in it is not where it should be',
    ],
    [
      'a member that runs into the list',
      () => changed((v, { central }) => v.setUint32(central + 24, 420, true)),
      'a/one.bin in it ends beyond its place',
    ],
    [
      'members larger than the file',
      () => changed((v, { central }) => v.setUint32(central + 24, 0xfffffff, true)),
      'claim to be larger than it is',
    ],
    ['a size beyond all numbers', () => zip64({ size: 1n << 60n }), 'a size in it is impossible'],
    ['a count beyond all numbers', () => zip64({ count: 1n << 60n }), 'a size in it is impossible'],
    ['a count beyond the list', () => zip64({ count: 1n << 40n }), 'its list of contents is damaged'],
  ];
  for (const [what, bytes, reason] of cases)
    it(what, () => {
      expect(() => list(bytes())).toThrow(
        expect.objectContaining({ code: 'invalid-file', message: expect.stringContaining(reason) as string }),
      );
    });

  it('every cut, as one', () => {
    const bytes = archive();
    for (let length = 4; length < bytes.length; length += 13)
      expect(() => list(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'truncated-file' }));
  });
});
