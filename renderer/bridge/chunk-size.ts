/** Bytes in one message that reads or writes a file: large enough to be quick, small enough that both sides respond. */
export const CHUNK_BYTES = 16 << 20;

/** The most bytes that main reads for one message; what the page asks for must stay within it. */
export const MAX_CHUNK_BYTES = 2 * CHUNK_BYTES;
