// Real spherical harmonics to degree 3 in the order and signs of Gaussian splatting files. Reads the module's
// `harmonics`.

// Four coefficients from three vectors of splat i, starting at plane `plane`.
fn coefficients(plane: u32, i: u32, count: u32) -> mat4x3f {
  let p = harmonics[plane * count + i];
  let q = harmonics[(plane + 1u) * count + i];
  let r = harmonics[(plane + 2u) * count + i];
  return mat4x3f(p.xyz, vec3f(p.w, q.xy), vec3f(q.zw, r.x), r.yzw);
}

fn shColour(degree: u32, i: u32, count: u32, direction: vec3f) -> vec3f {
  const C0 = 0.28209479177387814;
  if (degree == 0u) { return C0 * harmonics[i].xyz; }
  let x = direction.x;
  let y = direction.y;
  let z = direction.z;
  const C1 = 0.4886025119029199;
  var rgb = coefficients(0u, i, count) * vec4f(C0, -C1 * y, C1 * z, -C1 * x);
  if (degree == 1u) { return rgb; }
  const C2 = 1.0925484305920792;
  rgb += coefficients(3u, i, count) * vec4f(
    C2 * x * y,
    -C2 * y * z,
    0.31539156525252005 * (2.0 * z * z - x * x - y * y),
    -C2 * x * z,
  );
  let last2 = 0.5 * C2 * (x * x - y * y);
  // Degree 2 ends with plane 6, which holds the ninth coefficient alone.
  if (degree == 2u) { return rgb + last2 * harmonics[6u * count + i].xyz; }
  const A = 0.5900435899266435;
  const B = 2.890611442640554;
  const C = 0.4570457994644658;
  const D = 0.3731763325901154;
  rgb += coefficients(6u, i, count) * vec4f(
    last2,
    -A * y * (3.0 * x * x - y * y),
    B * x * y * z,
    -C * y * (4.0 * z * z - x * x - y * y),
  );
  rgb += coefficients(9u, i, count) * vec4f(
    D * z * (2.0 * z * z - 3.0 * x * x - 3.0 * y * y),
    -C * x * (4.0 * z * z - x * x - y * y),
    0.5 * B * z * (x * x - y * y),
    -A * x * (x * x - 3.0 * y * y),
  );
  return rgb;
}
