/** The bytes of a file, made a piece at a time, so that none but the largest formats is in memory as a whole. */
export interface FileContent {
  /** Bytes. */
  readonly size: number;
  /** All bytes in order, the same ones each time. A piece is good until the next is asked for. */
  pieces(): AsyncIterable<Uint8Array>;
}

/** Bytes that are all there, as one piece. */
export function contentOfBytes(bytes: Uint8Array): FileContent {
  return { size: bytes.byteLength, pieces: () => inOnePiece(bytes) };
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** The bytes as a whole; those that are in one piece are not copied. */
export async function wholeContent({ size, pieces }: FileContent): Promise<Uint8Array> {
  let whole: Uint8Array | undefined;
  let at = 0;
  for await (const piece of pieces()) {
    if (piece.byteLength === size) return piece;
    whole ??= new Uint8Array(size);
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole ?? new Uint8Array(0);
}
