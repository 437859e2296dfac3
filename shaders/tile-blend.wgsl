// Tiles, kernel 5 of a round: blends each tile's splats, nearest first, under what was blended before. An invocation
// has a quarter of a tile, 4 x 4 pixels.
#include "record.wgsl"
#include "tiles.wgsl"

@group(0) @binding(0) var<uniform> tiles: Tiles;
@group(0) @binding(1) var<storage, read> progress: Progress;
@group(0) @binding(2) var<storage, read> work: array<u32>;
@group(0) @binding(3) var<storage, read> prepared: array<Prepared>;
@group(0) @binding(4) var<storage, read> lists: array<u32>;
@group(0) @binding(5) var<storage, read> entries: array<u32>;
// By quarter and row of it, for its four pixels: premultiplied red, green, blue, and transmittance.
@group(0) @binding(6) var<storage, read_write> pixels: array<array<mat4x4f, 4>>;
@group(0) @binding(7) var<storage, read_write> quarters: array<u32>;

const LARGEST_ALPHA = 0.99;
// Transmittance below which a pixel is done (Kerbl et al. 2023).
const OPAQUE = 1e-4;
const NONE = 0xffffffffu;
// Largest power of 2 by which alpha may grow from pixel to pixel: more than any splat in reach needs, and a number.
const STEEPEST = 60.0;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x / 4u >= progress.busy) { return; }
  let tile = work[id.x / 4u];
  let place = vec2u(tile % tiles.columns, tile / tiles.columns);
  let corner = vec2f(place * TILE_PIXELS + vec2u(id.x & 1u, (id.x >> 1u) & 1u) * 4u) + 0.5;
  let quarter = tile * 4u + (id.x & 3u);
  var own = lists[tile];
  let ownEnd = lists[tile + 1u];
  let block = blockList(tiles, tile);
  var wide = lists[block];
  let wideEnd = lists[block + 1u];

  let before = quarters[quarter];
  var most = select(1.0, 0.0, before == DONE);
  var blended = pixels[quarter];
  if (before == EMPTY) {
    for (var row = 0u; row < 4u; row++) { blended[row] = mat4x4f(vec4f(), vec4f(), vec4f(), vec4f(1.0)); }
  }
  // Most tiles have no wide splats: a loop without them takes less.
  let hasWide = wide < wideEnd;
  while (!hasWide && own < ownEnd && most >= OPAQUE) {
    most = blend(&blended, prepared[entries[own]], corner);
    own += 1u;
  }
  while (hasWide && (own < ownEnd || wide < wideEnd) && most >= OPAQUE) {
    var nextOwn = NONE;
    if (own < ownEnd) { nextOwn = entries[own]; }
    var nextWide = NONE;
    if (wide < wideEnd) { nextWide = entries[wide]; }
    most = blend(&blended, prepared[min(nextOwn, nextWide)], corner);
    if (nextOwn < nextWide) { own += 1u; } else { wide += 1u; }
  }
  quarters[quarter] = select(BLENDED, DONE, most < OPAQUE);
  pixels[quarter] = blended;
}

// Blends a splat under the pixels, the first of which has its centre at `corner`, and gives the largest transmittance
// that is left. The Gaussian falls from pixel to pixel by a factor that itself changes by a constant one, so that few
// exponentials give all 16.
fn blend(blended: ptr<function, array<mat4x4f, 4>>, splat: Prepared, corner: vec2f) -> f32 {
  let offset = corner - splat.centre;
  let w = splat.whiten;
  let c = vec2f(dot(offset, w.xy), dot(offset, w.zw));
  let x = w.xz;
  let y = w.yw;
  let xFall = exp2(-2.0 * dot(x, x));
  let yFall = exp2(-2.0 * dot(y, y));
  let across = exp2(-2.0 * dot(x, y));
  var right = exp2(min(STEEPEST, -dot(x, x + 2.0 * c)));
  var down = exp2(min(STEEPEST, -dot(y, y + 2.0 * c)));
  var first = splat.opacity * exp2(-dot(c, c));
  (*blended)[0] = under((*blended)[0], fallingBy(first, right, xFall), splat.colour);
  first *= down;
  down *= yFall;
  right *= across;
  (*blended)[1] = under((*blended)[1], fallingBy(first, right, xFall), splat.colour);
  first *= down;
  down *= yFall;
  right *= across;
  (*blended)[2] = under((*blended)[2], fallingBy(first, right, xFall), splat.colour);
  first *= down;
  right *= across;
  (*blended)[3] = under((*blended)[3], fallingBy(first, right, xFall), splat.colour);
  let left = max(max((*blended)[0][3], (*blended)[1][3]), max((*blended)[2][3], (*blended)[3][3]));
  return max(max(left.x, left.y), max(left.z, left.w));
}

// Four values, the second `factor` times the first, and each factor after it `fall` times the one before.
fn fallingBy(first: f32, factor: f32, fall: f32) -> vec4f {
  let second = first * factor;
  let third = second * (factor * fall);
  return vec4f(first, second, third, third * (factor * fall * fall));
}

fn under(row: mat4x4f, gaussian: vec4f, colour: vec3f) -> mat4x4f {
  let alpha = select(vec4f(), min(vec4f(LARGEST_ALPHA), gaussian), gaussian >= vec4f(SMALLEST_ALPHA));
  let weight = alpha * row[3];
  return mat4x4f(
    row[0] + colour.r * weight,
    row[1] + colour.g * weight,
    row[2] + colour.b * weight,
    row[3] - weight,
  );
}
