// What one picture is drawn with. View space is OpenCV's: x right, y down, z forward.
struct Frame {
  // Rows of the rotation from world to view.
  viewRow0: vec3f,
  focalX: f32, // pixels
  viewRow1: vec3f,
  focalY: f32, // pixels
  viewRow2: vec3f,
  antialiased: u32, // 1: compensate opacity for the low-pass (mip filter)
  // Camera centre in world units as a sum of two floats: positions far from the origin keep their digits.
  eyeHigh: vec3f,
  near: f32, // view depth in world units; splats there and before it are not drawn
  eyeLow: vec3f,
  principal: vec2f, // pixels from the top-left corner
  viewport: vec2f, // pixels
  // Range of x/z and y/z at which the projection is linearised.
  slopeMin: vec2f,
  slopeMax: vec2f,
}
