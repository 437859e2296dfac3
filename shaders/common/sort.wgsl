// Shared by the kernels of the radix sort (8 bits a pass, 3 passes, stable).
const DIGITS = 256u;
const ROUNDS = 16u;
// Keys of one workgroup: 256 invocations, 16 rounds.
const TILE = 4096u;
// Tiles that a workgroup of the serial kernels takes, an invocation each.
const LANES = 4u;
// Key of a splat that is not drawn: the first pass drops it. All other keys have 24 bits.
const CULLED = 0xffffffffu;

struct SortCounts {
  total: u32, // keys before the first pass, drawn or not
  visible: u32, // keys after it
}

struct SortPass {
  shift: u32, // lowest bit of the digit
  first: u32, // 1: input is all keys, values are their indices
}

fn inputCount(counts: SortCounts, sortPass: SortPass) -> u32 {
  return select(counts.visible, counts.total, sortPass.first == 1u);
}

fn tileCount(keys: u32) -> u32 {
  return (keys + TILE - 1u) / TILE;
}
