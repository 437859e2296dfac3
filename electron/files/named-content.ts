import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { SNIFF_BYTES, sniffFormat } from '../../renderer/io/formats.ts';
import { openToRead } from '../../renderer/io/node-source.ts';
import { requireCamerasHead } from '../../renderer/judge/read-capture-cameras.ts';
import { requireCheckpointHead } from '../../renderer/refine/checkpoint.ts';
import { SplatError } from '../../renderer/core/errors.ts';

/**
 * A page names some files by their paths: those that were dropped. Main can't see drops, so a page whose process is
 * taken over may name any path; what it gets to read is bounded by content. Each function resolves where a file's
 * beginning is of its kind, and throws what the reader of that kind would say of it otherwise.
 */
export async function requireScene(path: string): Promise<void> {
  const head = await headOf(path);
  // Of a folder, the SOG scene in it is all that is ever given; of an empty file there is nothing.
  if (head !== undefined && head.length > 0) sniffFormat(head, basename(path));
}

/** @see requireScene */
export async function requireCheckpoint(path: string): Promise<void> {
  const head = await headOf(path);
  if (head !== undefined) requireCheckpointHead(head);
}

/** @see requireScene */
export async function requireCameras(path: string): Promise<void> {
  const head = await headOf(path);
  if (head !== undefined) requireCamerasHead(head, basename(path));
}

/** The first bytes of a file; undefined for a folder. @throws SplatError `io` */
async function headOf(path: string): Promise<Uint8Array | undefined> {
  try {
    if ((await stat(path)).isDirectory()) return undefined;
    const file = await openToRead(path);
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof SplatError ? error : fileError(error, 'opened', basename(path));
  }
}
