// Slots that were chosen for a frame, runs of 256 splats each.
struct Slots {
  first: u32, // place of their first splat among those of the frame, in slots
  count: u32,
  entries: array<u32>, // number of a slot, 24 bits; its weight in 255ths, 8
}

@group(0) @binding(6) var<storage, read> slots: Slots;

fn numberOfEntry(entry: u32) -> u32 {
  return entry & 0xffffffu;
}

fn weightOfEntry(entry: u32) -> f32 {
  return f32(entry >> 24u) / 255.0;
}
