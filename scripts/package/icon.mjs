// The app's icon, drawn as what the app shows: a handful of Gaussians, blended from back to front.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';

/** Sizes that desktops look for; icon.png is the largest. */
export const ICON_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];

/** Centre, long and short radius in parts of the side, turn in radians, colour, opacity. */
const PETALS = 7;
const COLOURS = [
  [94, 214, 196],
  [120, 224, 160],
  [178, 226, 120],
  [246, 206, 98],
  [248, 158, 92],
  [236, 112, 120],
  [150, 132, 238],
];
const GROUND = { top: [34, 39, 48], bottom: [14, 16, 20] };
const CORNER = 0.21;
const MARGIN = 0.04;
/** Squared distance, in radii, beyond which a splat adds less than a shade. */
const INVISIBLE = 4;

function splats() {
  const petals = Array.from({ length: PETALS }, (_, i) => {
    const turn = (i / PETALS) * 2 * Math.PI - Math.PI / 2;
    return {
      x: 0.5 + 0.19 * Math.cos(turn),
      y: 0.5 + 0.19 * Math.sin(turn),
      long: 0.125,
      short: 0.062,
      turn,
      colour: COLOURS[i],
      opacity: 0.92,
    };
  });
  const middle = { x: 0.5, y: 0.5, long: 0.075, short: 0.075, turn: 0, colour: [250, 248, 240], opacity: 0.95 };
  return [...petals, middle];
}

/** Part of a pixel that lies within the rounded square, by its distance from the edge. */
function cover(x, y, pixel) {
  const half = 0.5 - MARGIN;
  const dx = Math.max(Math.abs(x - 0.5) - (half - CORNER), 0);
  const dy = Math.max(Math.abs(y - 0.5) - (half - CORNER), 0);
  const outside = Math.hypot(dx, dy) - CORNER;
  return Math.min(1, Math.max(0, 0.5 - outside / pixel));
}

/** The icon as a PNG of `size` pixels a side. */
export function drawIcon(size) {
  const png = new PNG({ width: size, height: size });
  const list = splats();
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [(column + 0.5) / size, (row + 0.5) / size];
      const colour = GROUND.top.map((top, channel) => top + (GROUND.bottom[channel] - top) * y);
      for (const splat of list) {
        const [dx, dy] = [x - splat.x, y - splat.y];
        const along = (dx * Math.cos(splat.turn) + dy * Math.sin(splat.turn)) / splat.long;
        const across = (-dx * Math.sin(splat.turn) + dy * Math.cos(splat.turn)) / splat.short;
        const squared = along * along + across * across;
        if (squared > INVISIBLE) continue;
        // Sharper than a Gaussian, so that the small sizes are legible.
        const alpha = splat.opacity * Math.exp(-0.5 * squared * squared);
        for (let channel = 0; channel < 3; channel += 1)
          colour[channel] += (splat.colour[channel] - colour[channel]) * alpha;
      }
      const at = (row * size + column) * 4;
      colour.forEach((value, channel) => (png.data[at + channel] = Math.round(value)));
      png.data[at + 3] = Math.round(255 * cover(x, y, 1 / size));
    }
  return PNG.sync.write(png);
}

/** Writes SIZExSIZE.png for every size, and icon.png. */
export function writeIcons(folder) {
  mkdirSync(folder, { recursive: true });
  for (const size of ICON_SIZES) writeFileSync(join(folder, `${size}x${size}.png`), drawIcon(size));
  writeFileSync(join(folder, 'icon.png'), drawIcon(ICON_SIZES.at(-1)));
}
