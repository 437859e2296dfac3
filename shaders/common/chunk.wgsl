// A run of splats whose numbers fit one storage binding.
struct Chunk {
  first: u32, // index in the scene of the chunk's first splat
  count: u32,
  shDegree: u32, // 0 to 3, or PAINTED
}

// A degree of scenes whose splats have one colour from all sides: `harmonics` holds four of them a vector, 8 bits a
// channel.
const PAINTED = 4u;
