// Real spherical harmonics to degree 3 in the order and signs of Gaussian splatting files. Reads the module's
// `harmonics`.

// Four coefficients from the six words that hold them, two halves each.
fn coefficients(first: vec4u, last: vec2u) -> mat4x3f {
  let a = unpack2x16float(first.x);
  let b = unpack2x16float(first.y);
  let c = unpack2x16float(first.z);
  let d = unpack2x16float(first.w);
  let e = unpack2x16float(last.x);
  let f = unpack2x16float(last.y);
  return mat4x3f(vec3f(a, b.x), vec3f(b.y, c), vec3f(d, e.x), vec3f(e.y, f));
}

// The first coefficient of a plane.
fn firstCoefficient(words: vec4u) -> vec3f {
  return vec3f(unpack2x16float(words.x), unpack2x16float(words.y).x);
}

// Colour of splat i of count without its offset of 0.5; `direction` leads from the camera to it, length 1.
fn shColour(degree: u32, i: u32, count: u32, direction: vec3f) -> vec3f {
  const C0 = 0.28209479177387814;
  let words0 = harmonics[i];
  if (degree == 0u) { return C0 * firstCoefficient(words0); }
  let x = direction.x;
  let y = direction.y;
  let z = direction.z;
  const C1 = 0.4886025119029199;
  let words1 = harmonics[count + i];
  var rgb = coefficients(words0, words1.xy) * vec4f(C0, -C1 * y, C1 * z, -C1 * x);
  if (degree == 1u) { return rgb; }
  const C2 = 1.0925484305920792;
  let words2 = harmonics[2u * count + i];
  rgb += coefficients(vec4u(words1.zw, words2.xy), words2.zw) * vec4f(
    C2 * x * y,
    -C2 * y * z,
    0.31539156525252005 * (2.0 * z * z - x * x - y * y),
    -C2 * x * z,
  );
  let last2 = 0.5 * C2 * (x * x - y * y);
  let words3 = harmonics[3u * count + i];
  // Degree 2 ends with plane 3, which holds the ninth coefficient alone.
  if (degree == 2u) { return rgb + last2 * firstCoefficient(words3); }
  const A = 0.5900435899266435;
  const B = 2.890611442640554;
  const C = 0.4570457994644658;
  const D = 0.3731763325901154;
  let words4 = harmonics[4u * count + i];
  rgb += coefficients(words3, words4.xy) * vec4f(
    last2,
    -A * y * (3.0 * x * x - y * y),
    B * x * y * z,
    -C * y * (4.0 * z * z - x * x - y * y),
  );
  let words5 = harmonics[5u * count + i];
  rgb += coefficients(vec4u(words4.zw, words5.xy), words5.zw) * vec4f(
    D * z * (2.0 * z * z - 3.0 * x * x - 3.0 * y * y),
    -C * x * (4.0 * z * z - x * x - y * y),
    0.5 * B * z * (x * x - y * y),
    -A * x * (x * x - 3.0 * y * y),
  );
  return rgb;
}
