/** Longest side in pixels of a still picture, which is drawn in parts. */
export const LARGEST_PICTURE_SIDE = 32768;

/** Most pixels of a still picture: more no canvas holds. */
export const LARGEST_PICTURE_AREA = 2 ** 28;

/** Longest side in pixels of a video. */
export const LARGEST_VIDEO_SIDE = 8192;
