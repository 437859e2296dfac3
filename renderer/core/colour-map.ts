/** Names of the colour maps, see `colourMap`. */
export type ColourMapName = 'inferno' | 'viridis' | 'berlin' | 'coolwarm';

/**
 * Perceptual colour maps as sRGB stops at equal distances. Inferno and viridis by Smith, van der Walt and Firing (CC0)
 * run from dark to light. Two diverge from blue below to red above: berlin by Crameri (MIT) through black, its middle
 * made neutral, coolwarm by Moreland (public domain) through light grey.
 */
const STOPS: Readonly<Record<ColourMapName, string>> = {
  inferno:
    '000004 0b0724 210c4a 3d0965 57106e 71196e 8a226a a32c61 bc3754 ' +
    'd24644 e45a31 f1731d f98e09 fcac11 f9cb35 f2ea69 fcffa4',
  viridis:
    '440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c ' +
    '1fa088 28ae80 3fbc73 5ec962 84d44b addc30 d8e219 fde725',
  berlin:
    '9eb0ff 79abed 519fd3 3685ad 286886 1d4b61 14303e 111a20 131313 ' +
    '2b0e01 411201 5b1d08 7d341e 9e513f be6f63 df8f89 ffadad',
  coolwarm:
    '3b4cc0 4e68d8 6282ea 779af7 8db0fe a3c2fe b9d0f9 ccd9ed dddcdc ' +
    'ecd3c5 f5c4ac f7b093 f4987a eb7d62 dd5f4b ca3b37 b40426',
};

/** Entries of a map: fine enough that neighbours differ by less than a person sees. */
export const COLOUR_MAP_SIZE = 256;

const made = new Map<ColourMapName, Uint8Array<ArrayBuffer>>();

/** @returns (256, 3) sRGB bytes from the smallest value to the largest, made once; do not write to it */
export function colourMap(name: ColourMapName): Uint8Array<ArrayBuffer> {
  let table = made.get(name);
  if (table === undefined) {
    table = interpolate(STOPS[name].split(' ').map((hex) => Number.parseInt(hex, 16)));
    made.set(name, table);
  }
  return table;
}

/** Entry of a map for `t`, clamped to 0..1; shader and twin round alike. */
export function colourMapIndex(t: number): number {
  return Math.floor(Math.min(1, Math.max(0, t)) * (COLOUR_MAP_SIZE - 1) + 0.5);
}

function interpolate(stops: readonly number[]): Uint8Array<ArrayBuffer> {
  const table = new Uint8Array(COLOUR_MAP_SIZE * 3);
  for (let entry = 0; entry < COLOUR_MAP_SIZE; entry++) {
    const place = (entry / (COLOUR_MAP_SIZE - 1)) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(place));
    for (let k = 0; k < 3; k++) {
      const shift = 16 - 8 * k;
      const from = (stops[below] >> shift) & 255;
      const to = (stops[below + 1] >> shift) & 255;
      table[entry * 3 + k] = Math.round(from + (to - from) * (place - below));
    }
  }
  return table;
}
