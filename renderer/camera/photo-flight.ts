import { Matrix4, Quaternion, Vector3 } from 'three';
import { cameraCentre } from '../core/camera-parameters.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';

/** A rectangle of the canvas, in its pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A camera for any size of the picture. */
export type SizedCamera = (width: number, height: number) => CameraParameters;

/** Where a photo lies on a canvas that shows all of it as large as it can, in the middle. */
export function photoRectangle(photo: CameraParameters, width: number, height: number): Rectangle {
  const scale = Math.min(width / photo.width, height / photo.height);
  const size = { width: photo.width * scale, height: photo.height * scale };
  return { x: (width - size.width) / 2, y: (height - size.height) / 2, ...size };
}

/** The photo's camera widened to the whole canvas: inside of `photoRectangle` the picture lines up with the photo. */
export function photoLens(photo: CameraParameters, width: number, height: number): CameraParameters {
  const { x, y, width: shown } = photoRectangle(photo, width, height);
  const scale = shown / photo.width;
  return {
    worldToView: photo.worldToView,
    fx: photo.fx * scale,
    fy: photo.fy * scale,
    cx: x + photo.cx * scale,
    cy: y + photo.cy * scale,
    width,
    height,
  };
}

/** Flies from a camera into that of a photo and stays there. */
export class PhotoFlight {
  /** Undefined once arrived. */
  private from: SizedCamera | undefined;
  /** Undefined until the first frame, which only starts the clock: the pause before it does not count. */
  private elapsedSeconds: number | undefined;

  /** @param seconds how long the flight takes; 0 is there at once */
  constructor(
    readonly photo: CameraParameters,
    from: SizedCamera,
    private readonly seconds: number,
  ) {
    this.from = seconds > 0 ? from : undefined;
  }

  get hasArrived(): boolean {
    return this.from === undefined;
  }

  /** Moves on; returns whether it is still under way. */
  advance(seconds: number): boolean {
    if (this.from === undefined) return false;
    this.elapsedSeconds = this.elapsedSeconds === undefined ? 0 : this.elapsedSeconds + seconds;
    if (this.elapsedSeconds >= this.seconds) this.from = undefined;
    return this.from !== undefined;
  }

  parameters(width: number, height: number): CameraParameters {
    const there = photoLens(this.photo, width, height);
    if (this.from === undefined) return there;
    const share = (this.elapsedSeconds ?? 0) / this.seconds;
    return between(this.from(width, height), there, share * share * (3 - 2 * share));
  }
}

/**
 * A camera between two of the same picture size: camera centres and lenses in a straight line, directions by the
 * shortest turn.
 */
export function between(a: CameraParameters, b: CameraParameters, fraction: number): CameraParameters {
  const mix = (from: number, to: number): number => from + (to - from) * fraction;
  const rotation = orientation(a).slerp(orientation(b), fraction);
  const [from, to] = [cameraCentre(a.worldToView), cameraCentre(b.worldToView)];
  const eye = new Vector3(mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2]));
  const worldToView = new Matrix4().makeRotationFromQuaternion(rotation);
  const moved = eye.applyMatrix4(worldToView).negate();
  worldToView.setPosition(moved);
  return {
    // three stores columns.
    worldToView: Float64Array.from(worldToView.transpose().elements),
    fx: mix(a.fx, b.fx),
    fy: mix(a.fy, b.fy),
    cx: mix(a.cx, b.cx),
    cy: mix(a.cy, b.cy),
    width: b.width,
    height: b.height,
  };
}

/** The rotation of a camera's world-to-view matrix. */
function orientation({ worldToView: m }: CameraParameters): Quaternion {
  return new Quaternion().setFromRotationMatrix(
    new Matrix4().set(m[0], m[1], m[2], 0, m[4], m[5], m[6], 0, m[8], m[9], m[10], 0, 0, 0, 0, 1),
  );
}
