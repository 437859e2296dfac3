/** A viewpoint and a turntable with a number of its own in every place. */
export const view = {
  position: [5, 0, 1],
  target: [0, 0, 0],
  up: [0, 0, 1],
  rollDegrees: -12.5,
  fovYDegrees: 50,
} as const;
export const turntable = {
  centre: [0, 0, 0],
  distance: 4,
  up: [0, 1, 0],
  side: [0, 0, 1],
  turns: 2,
  durationSeconds: 8,
  startElevationDegrees: 0,
  endElevationDegrees: 89,
  fovYDegrees: 45,
} as const;
