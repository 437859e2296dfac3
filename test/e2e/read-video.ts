import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';

/** A video file taken apart again. */
export interface ReadVideo {
  readonly mimeType: string;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly packets: readonly {
    readonly data: Uint8Array;
    readonly isKey: boolean;
    readonly timestampSeconds: number;
  }[];
  readonly decoderConfig: VideoDecoderConfig;
}

/** Reads a video file with a demuxer; throws where it is none. */
export async function readVideo(path: string): Promise<ReadVideo> {
  const input = new Input({ source: new BufferSource(await readFile(path)), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  const decoderConfig = await track?.getDecoderConfig();
  if (track === null || decoderConfig === null || decoderConfig === undefined)
    throw new Error(`${path} holds no video that can be decoded.`);
  const packets: ReadVideo['packets'][number][] = [];
  for await (const { data, type, timestamp } of new EncodedPacketSink(track).packets())
    packets.push({ data, isKey: type === 'key', timestampSeconds: timestamp });
  const [mimeType, width, height, durationSeconds] = await Promise.all([
    input.getMimeType(),
    track.getDisplayWidth(),
    track.getDisplayHeight(),
    input.computeDuration(),
  ]);
  return { mimeType, codec: decoderConfig.codec, width, height, durationSeconds, packets, decoderConfig };
}

/** Decodes a video in the app's own page and gives one of its frames as (height, width, 4) RGBA. */
export async function decodeFrame(
  page: Page,
  { packets, decoderConfig }: ReadVideo,
  index: number,
): Promise<Uint8Array> {
  const base64 = (bytes: Uint8Array | undefined): string | undefined =>
    bytes === undefined ? undefined : Buffer.from(bytes).toString('base64');
  const { description, ...config } = decoderConfig;
  const given = {
    // Chromium decodes H.264's constrained high profile and its level 1b, but not under their own names; the
    // description tells.
    config: { ...config, codec: config.codec.replace(/^avc1\.64..../, 'avc1.64001f') },
    description: base64(
      description === undefined
        ? undefined
        : new Uint8Array(
            ArrayBuffer.isView(description)
              ? description.buffer.slice(description.byteOffset, description.byteOffset + description.byteLength)
              : description,
          ),
    ),
    packets: packets.map(({ data, isKey, timestampSeconds }) => ({
      data: base64(data) as string,
      isKey,
      timestampSeconds,
    })),
    index,
  };
  const pixels = await page.evaluate(async ({ config, description, packets, index }) => {
    const bytes = (text: string): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    let seen = 0;
    let picture = '';
    let problem = '';
    const decoder = new VideoDecoder({
      output: (frame) => {
        if (seen === index) {
          const canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
          const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
          context.drawImage(frame, 0, 0);
          for (const value of context.getImageData(0, 0, canvas.width, canvas.height).data)
            picture += String.fromCharCode(value);
        }
        seen += 1;
        frame.close();
      },
      error: (error) => (problem = error.message),
    });
    decoder.configure({ ...config, ...(description === undefined ? {} : { description: bytes(description) }) });
    for (const { data, isKey, timestampSeconds } of packets)
      decoder.decode(
        new EncodedVideoChunk({
          type: isKey ? 'key' : 'delta',
          timestamp: Math.round(timestampSeconds * 1e6),
          data: bytes(data),
        }),
      );
    await decoder.flush();
    if (problem !== '') throw new Error(problem);
    if (seen !== packets.length) throw new Error(`${seen} of ${packets.length} frames were decoded.`);
    return btoa(picture);
  }, given);
  return Buffer.from(pixels, 'base64');
}
