import { SplatError } from '../core/errors.ts';

export const VIDEO_CONTAINERS = ['mp4', 'webm'] as const;
export type VideoContainer = (typeof VIDEO_CONTAINERS)[number];

export const VIDEO_QUALITIES = ['low', 'medium', 'high', 'very-high'] as const;
export type VideoQuality = (typeof VIDEO_QUALITIES)[number];

export const MAX_FRAMES_PER_SECOND = 120;

/** What a video file is to be. */
export interface VideoSettings {
  /** Pixels; both even, since colours are kept for every second pixel. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly container: VideoContainer;
  readonly quality: VideoQuality;
}

/** The container that a file name asks for. Throws `usage` where it is none of ours. */
export function containerOf(name: string): VideoContainer {
  const lower = name.toLowerCase();
  if (lower.endsWith('.mp4')) return 'mp4';
  if (lower.endsWith('.webm')) return 'webm';
  throw new SplatError('usage', `${name} names no kind of video.`, 'Let the name end in .mp4 or .webm.');
}

/** Throws `usage` for a size or rate that no video has. */
export function assertVideoSettings({
  width,
  height,
  framesPerSecond,
}: Pick<VideoSettings, 'width' | 'height' | 'framesPerSecond'>): void {
  if (width < 2 || height < 2 || width % 2 !== 0 || height % 2 !== 0) {
    throw new SplatError(
      'usage',
      `A video of ${width} x ${height} pixels can't be made: both must be even.`,
      `${width + (width % 2)} x ${height + (height % 2)} would do.`,
    );
  }
  if (!(framesPerSecond > 0 && framesPerSecond <= MAX_FRAMES_PER_SECOND)) {
    throw new SplatError(
      'usage',
      `A video can't have ${framesPerSecond} frames a second.`,
      `Give a number up to ${MAX_FRAMES_PER_SECOND}.`,
    );
  }
}
