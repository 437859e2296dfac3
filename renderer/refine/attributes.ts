/**
 * The feature columns of a splat, in the order of the network's input: name in the state dict, first column, and width
 * for `rest` spherical-harmonics coefficients above degree 0. A degree-1 splat has 23 columns.
 */
export const attributes = [
  { name: 'means', column: 0, width: () => 3 },
  { name: 'scales', column: 3, width: () => 3 },
  { name: 'opacities', column: 6, width: () => 1 },
  { name: 'quats', column: 7, width: () => 4 },
  { name: 'features_dc', column: 11, width: () => 3 },
  { name: 'features_rest', column: 14, width: (rest: number) => 3 * rest },
] as const;
export type AttributeName = (typeof attributes)[number]['name'];

/** One array an attribute, (rows, width) each. */
export type AttributeArrays = Readonly<Record<AttributeName, Float32Array>>;

/** First column of each attribute: means and log-scales are (x, y, z), quats (w, x, y, z), colours (r, g, b). */
export const column = Object.fromEntries(attributes.map((attribute) => [attribute.name, attribute.column])) as {
  readonly [Name in AttributeName]: Extract<(typeof attributes)[number], { name: Name }>['column'];
};

/** Lists the attributes that a spherical-harmonics degree has; degree 0 has no features_rest. */
export function attributesOf(shDegree: number): { name: AttributeName; column: number; width: number }[] {
  const rest = (shDegree + 1) * (shDegree + 1) - 1;
  return attributes
    .map(({ name, column, width }) => ({ name, column, width: width(rest) }))
    .filter(({ width }) => width > 0);
}

/** Counts the feature columns of a splat: 14, 23, 38 and 59 at degrees 0 to 3. */
export function splatWidth(shDegree: number): number {
  return attributesOf(shDegree).reduce((sum, { width }) => sum + width, 0);
}
