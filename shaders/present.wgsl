// Puts the blended splats over the background and into the target.
struct Present {
  background: vec4f, // premultiplied rgb and alpha
}

@group(0) @binding(0) var<uniform> present: Present;
@group(0) @binding(1) var accumulated: texture_2d<f32>;

@vertex
fn vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32(corner & 1u) * 4.0 - 1.0, f32(corner >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn fragment(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let splats = textureLoad(accumulated, vec2u(position.xy), 0);
  return splats + (1.0 - splats.a) * present.background;
}
