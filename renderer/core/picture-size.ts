/** Longest side in pixels of a picture that every WebGPU device can draw. */
export const LARGEST_PICTURE_SIDE = 8192;
