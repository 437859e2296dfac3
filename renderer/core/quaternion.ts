/** (9) row-major rotation matrix of a unit quaternion w, x, y, z: its columns are where the axes go. */
export function rotationMatrix([w, x, y, z]: readonly [number, number, number, number]): number[] {
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  ];
}

/** The unit quaternion w, x, y, z of a rotation, (9) row-major: the one whose largest number is positive. */
export function quaternionOfRotation(r: readonly number[]): [number, number, number, number] {
  const [a, b, c, d, e, f, g, h, i] = r;
  // The largest of the four divides the others.
  const four = [1 + a + e + i, 1 + a - e - i, 1 - a + e - i, 1 - a - e + i];
  const largest = four.indexOf(Math.max(...four));
  const [w, x, y, z] = [
    [four[0], h - f, c - g, d - b],
    [h - f, four[1], b + d, c + g],
    [c - g, b + d, four[2], f + h],
    [d - b, c + g, f + h, four[3]],
  ][largest];
  const length = Math.hypot(w, x, y, z);
  return [w / length, x / length, y / length, z / length];
}
