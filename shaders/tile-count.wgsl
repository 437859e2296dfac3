// Tiles, kernel 1 of a round: prepares the round's splats and counts, for each segment of them, how many each tile and
// each block of tiles gets.
#include "record.wgsl"
#include "sort.wgsl"
#include "tiles.wgsl"

@group(0) @binding(0) var<uniform> tiles: Tiles;
@group(0) @binding(1) var<storage, read> records: array<Record>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> counts: SortCounts;
@group(0) @binding(4) var<storage, read> progress: Progress;
@group(0) @binding(5) var<storage, read> isDone: array<u32>;
@group(0) @binding(6) var<storage, read_write> prepared: array<Prepared>;
@group(0) @binding(7) var<storage, read_write> listed: array<u32>;
@group(0) @binding(8) var<storage, read_write> pairs: array<u32>;

@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let segment = id.x;
  if (segment >= tiles.segments) { return; }
  let lists = listCount(tiles);
  let base = segment * lists;
  for (var list = 0u; list < lists; list++) { listed[base + list] = 0u; }
  let isFirst = progress.next == 0u;
  let limit = min(counts.visible, progress.limit);
  let end = min(segment * SEGMENT + SEGMENT, limit - min(limit, progress.next));
  let region = segment * tiles.pairs;
  var pair = region + 1u;
  for (var i = segment * SEGMENT; i < end; i++) {
    let splat = prepare(records[order[progress.next + i]]);
    prepared[i] = splat;
    let reach = reachOf(tiles, splat);
    let columns = select(tiles.columns, tiles.blockColumns, reach.isWide);
    let first = select(0u, tilesOf(tiles), reach.isWide);
    let size = f32(select(TILE_PIXELS, BLOCK_PIXELS, reach.isWide));
    var x = reach.start.x;
    var y = reach.start.y;
    while (y < reach.end.y) {
      let list = first + y * columns + x;
      if ((isFirst || isDone[list] == 0u) && reaches(splat, vec2f(vec2u(x, y)) * size, size)) {
        listed[base + list] += 1u;
        pairs[pair] = (list << SEGMENT_BITS) | (i & (SEGMENT - 1u));
        pair++;
      }
      x++;
      if (x == reach.end.x) {
        x = reach.start.x;
        y++;
      }
    }
  }
  pairs[region] = pair;
}

fn prepare(record: Record) -> Prepared {
  // exp(-x / 2) = exp2(-x scale²)
  const SCALE = 0.8493218002880191;
  let whiten = SCALE * recordWhiten(record);
  let major = recordDirection(record);
  let axes = vec4f(major * whiten.x, vec2f(-major.y, major.x) * whiten.y);
  let opacity = recordOpacity(record);
  return Prepared(recordCentre(record), opacity, log2(opacity / SMALLEST_ALPHA), axes, recordColour(record));
}
