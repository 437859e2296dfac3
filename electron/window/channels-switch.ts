/** Argument by which a window's preload script learns which messages there are: a list separated by commas. */
export const CHANNELS_SWITCH = '--splatformer-channels=';
