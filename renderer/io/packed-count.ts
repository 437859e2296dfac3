import { invalid } from './source.ts';

/** Scenes of this many splats fit anywhere, however well they pack: test patterns and the like. */
const SPLATS_FOR_FREE = 1 << 18;

/**
 * Refuses more splats than a packed file can stand for, before anything of their number is allocated. Real scenes take
 * 6 bytes a splat and more in every format; only what repeats itself gets below one.
 * @throws SplatError `invalid-file`
 */
export function checkPackedCount(name: string, count: number, packedBytes: number): void {
  if (count > packedBytes + SPLATS_FOR_FREE)
    throw invalid(name, `it claims ${count} splats, which ${packedBytes} bytes can't hold`);
}
