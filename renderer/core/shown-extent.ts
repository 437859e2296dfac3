/**
 * What is to be seen of a scene when the view rests: the whole of it; a reduced one, as it is too large to be drawn
 * whole; a sample, as it is still being read.
 */
export type ShownExtent = 'whole' | 'reduced' | 'preview';
