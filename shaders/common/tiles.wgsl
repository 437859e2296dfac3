// Shared by the kernels that blend splats tile by tile: splats are taken a round at a time, nearest first, and listed
// for each tile that they reach. Those that reach many are listed for blocks of 16 x 16 tiles instead, so a round's
// lists are bounded whatever its splats are.
const TILE_PIXELS = 8u;
const BLOCK_PIXELS = 128u;
// Tiles that one splat is listed for at most.
const MOST_TILES = 256u;
// Splats of a round that one invocation lists, one after the other: lists keep their order.
const SEGMENT = 512u;
const SEGMENT_BITS = 9u;

// The picture in tiles.
struct Tiles {
  columns: u32, // of tiles
  rows: u32,
  blockColumns: u32, // of blocks
  blockRows: u32,
  // Pixels that are drawn: from the first on, before the second.
  start: vec2f,
  end: vec2f,
  segments: u32, // of a round
  pairs: u32, // words of a segment
}

// Where the frame stands.
struct Progress {
  next: u32, // rank of the round's first splat, for kernel 1; of the next one's for those after it
  limit: u32, // rank before which splats are blended
  busy: u32, // tiles that have splats in the round
}

// A splat of the round as its pixels want it.
struct Prepared {
  centre: vec2f, // pixels from the top-left corner
  opacity: f32,
  // Square of the distance in units of `whiten` at which alpha is 1/255.
  reachSquared: f32,
  // A pixel at offset d from the centre has the alpha opacity * exp2(-(dot(d, whiten.xy)² + dot(d, whiten.zw)²)).
  whiten: vec4f,
  colour: vec3f,
}

// Tiles or blocks of a splat: columns start.x to before end.x, rows start.y to before end.y.
struct Reach {
  start: vec2u,
  end: vec2u,
  isWide: bool, // blocks
}

// What a quarter of a tile holds.
const EMPTY = 0u; // nothing yet, whatever its pixels say
const BLENDED = 1u;
const DONE = 2u; // pixels that are all opaque

fn tilesOf(tiles: Tiles) -> u32 {
  return tiles.columns * tiles.rows;
}

// The list of the block in which a tile lies.
fn blockList(tiles: Tiles, tile: u32) -> u32 {
  const TILES = BLOCK_PIXELS / TILE_PIXELS;
  return tilesOf(tiles) + (tile / tiles.columns / TILES) * tiles.blockColumns + (tile % tiles.columns) / TILES;
}

fn listCount(tiles: Tiles) -> u32 {
  return tiles.columns * tiles.rows + tiles.blockColumns * tiles.blockRows;
}

fn reachOf(tiles: Tiles, splat: Prepared) -> Reach {
  // Half of the ellipse's box, by the inverse of the whitening, and what rounding may take.
  let w = splat.whiten;
  let scale = sqrt(splat.reachSquared) / abs(w.x * w.w - w.y * w.z);
  let half = scale * vec2f(length(w.yw), length(w.xz)) + 0.01;
  // Pixels whose centres lie in it.
  let low = max(ceil(splat.centre - half - 0.5), tiles.start);
  let high = min(floor(splat.centre + half + 0.5), tiles.end);
  if (any(low >= high)) { return Reach(vec2u(0u), vec2u(0u), false); }
  let first = vec2u(low) / TILE_PIXELS;
  let last = (vec2u(high) - 1u) / TILE_PIXELS + 1u;
  let extent = last - first;
  if (extent.x * extent.y <= MOST_TILES) { return Reach(first, last, false); }
  return Reach(vec2u(low) / BLOCK_PIXELS, (vec2u(high) - 1u) / BLOCK_PIXELS + 1u, true);
}

// Whether alpha may reach 1/255 at a pixel of the square tile or block: never false where it does. The pixels' centres
// are taken for their box in the space where the ellipse is a circle.
fn reaches(splat: Prepared, corner: vec2f, size: f32) -> bool {
  let offset = corner + 0.5 * size - splat.centre;
  let half = 0.5 * size - 0.49;
  let w = splat.whiten;
  let u = max(0.0, abs(dot(offset, w.xy)) - half * (abs(w.x) + abs(w.y)));
  let v = max(0.0, abs(dot(offset, w.zw)) - half * (abs(w.z) + abs(w.w)));
  return u * u + v * v <= splat.reachSquared;
}
