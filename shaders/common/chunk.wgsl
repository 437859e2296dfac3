// A run of splats whose numbers fit one storage binding.
struct Chunk {
  first: u32, // index in the scene of the chunk's first splat
  count: u32,
  shDegree: u32,
}
