import {
  Mp4OutputFormat,
  Output,
  Quality,
  StreamTarget,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
  getFirstEncodableVideoCodec,
} from 'mediabunny';
import type { StreamTargetChunk, VideoCodec } from 'mediabunny';
import { SplatError, throwIfAborted, toSplatError } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import { assertVideoSettings } from './video-settings.ts';
import type { VideoContainer, VideoSettings } from './video-settings.ts';

/** Where a video's bytes go. They come in pieces, and some replace earlier ones. */
export interface VideoSink {
  write(bytes: Uint8Array, position: number): Promise<void>;
}

/** What became of a video. */
export interface VideoReport {
  /** The codec in words. */
  readonly codec: string;
  readonly frames: number;
  readonly durationSeconds: number;
}

/** Best first: what most players can play, then what is smaller. */
const CODECS: Record<VideoContainer, readonly VideoCodec[]> = {
  mp4: ['avc', 'vp9', 'av1'],
  webm: ['vp9', 'av1', 'vp8'],
};
const CODEC_NAMES: Partial<Record<VideoCodec, string>> = { avc: 'H.264', vp9: 'VP9', av1: 'AV1', vp8: 'VP8' };
/** Pieces that the file is written in. */
const CHUNK_BYTES = 4 << 20;
const KEY_FRAME_SECONDS = 2;

/** The codec that a video will have here: the first of the container's that this machine encodes at this size. */
export async function chooseCodec({
  width,
  height,
  framesPerSecond,
  container,
  quality,
}: VideoSettings): Promise<{ readonly codec: VideoCodec; readonly name: string }> {
  const codec = await getFirstEncodableVideoCodec([...CODECS[container]], {
    width,
    height,
    quality: new Quality(quality),
    frameRate: framesPerSecond,
  });
  if (codec === null) {
    throw new SplatError(
      'unsupported-feature',
      `This machine encodes no ${container === 'mp4' ? 'MP4' : 'WebM'} video of ${width} x ${height} pixels.`,
      'Choose a smaller size or the other kind of file.',
    );
  }
  return { codec, name: CODEC_NAMES[codec] ?? codec };
}

/**
 * Encodes pictures as a video file. A picture is asked for once the encoder has room, so no more than a few wait in
 * memory.
 * Reports progress by frames as stage `Filming`.
 * @param frames number of pictures
 * @param picture gives a frame as (height, width, 4) RGBA
 * @throws SplatError `usage`, `unsupported-feature`, `cancelled`, `io`; what `picture` and `sink` throw passes through.
 *   The sink's file is then not whole: whoever opened it must drop it.
 */
export async function encodeVideo(
  settings: VideoSettings,
  frames: number,
  picture: (frame: number) => Promise<Uint8ClampedArray<ArrayBuffer>>,
  sink: VideoSink,
  { signal, onProgress }: JobOptions = {},
): Promise<VideoReport> {
  assertVideoSettings(settings);
  const { width, height, framesPerSecond, quality } = settings;
  const { codec, name } = await chooseCodec(settings);
  let failure: unknown;
  const writable = new WritableStream<StreamTargetChunk>({
    write: async ({ data, position }) => {
      try {
        await sink.write(data, position);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    },
  });
  const source = new VideoSampleSource({ codec, quality: new Quality(quality), keyFrameInterval: KEY_FRAME_SECONDS });
  const output = new Output({
    format: outputFormat(settings.container),
    target: new StreamTarget(writable, { chunked: true, chunkSize: CHUNK_BYTES }),
  });
  output.addVideoTrack(source, { frameRate: framesPerSecond, maximumPacketCount: frames });
  const duration = 1 / framesPerSecond;
  try {
    await output.start();
    for (let frame = 0; frame < frames; frame++) {
      throwIfAborted(signal, 'Filming');
      const sample = new VideoSample(await picture(frame), {
        format: 'RGBA',
        codedWidth: width,
        codedHeight: height,
        timestamp: frame * duration,
        duration,
      });
      try {
        await source.add(sample);
      } finally {
        sample.close();
      }
      onProgress?.({ stage: 'Filming', fraction: (frame + 1) / frames });
    }
    throwIfAborted(signal, 'Filming');
    await output.finalize();
  } catch (error) {
    await output.cancel().catch(() => undefined);
    // The stream wraps what the sink threw in errors of its own.
    throw toSplatError(failure ?? error, 'io', 'The video could not be encoded');
  }
  return { codec: name, frames, durationSeconds: frames * duration };
}

function outputFormat(container: VideoContainer): Mp4OutputFormat | WebMOutputFormat {
  // The index at the front lets players begin at once; its size is known since the number of frames is.
  return container === 'mp4' ? new Mp4OutputFormat({ fastStart: 'reserve' }) : new WebMOutputFormat();
}
