import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'data');

/** Path of a file or folder under test/data, whose README says what each is and where it is from. */
export function dataPath(path: string): string {
  return join(FOLDER, path);
}

export function dataBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(dataPath(path)));
}
