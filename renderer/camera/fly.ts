import { MathUtils, Quaternion, Vector3 } from 'three';
import type { PerspectiveCamera } from 'three';
import type { Vec3 } from '../core/vector.ts';

/**
 * Keys by physical place, so that they work on every keyboard layout: direction in view space (x right, y up, z
 * backward).
 */
const DIRECTIONS: Record<string, Vec3> = {
  KeyW: [0, 0, -1],
  KeyS: [0, 0, 1],
  KeyA: [-1, 0, 0],
  KeyD: [1, 0, 0],
  KeyE: [0, 1, 0],
  KeyQ: [0, -1, 0],
};
const FAST = 4;
const LOOK_RADIANS_PER_PIXEL = 0.004;
const SPEED_STEP = 1.15;
/** Looking straight up or down leaves no sideways direction: stop just short of it. */
const MAX_PITCH_RADIANS = MathUtils.degToRad(89.5);
/** A step after a pause (a hidden window, a long frame) must not jump. */
const MAX_STEP_SECONDS = 0.1;

/** Moves a camera with WASD and QE and turns it with the mouse. Owns no events: the controller hands them in. */
export class FlyMotion {
  private readonly held = new Set<string>();
  private readonly step = new Vector3();
  private readonly forward = new Vector3();
  private readonly side = new Vector3();
  private readonly turn = new Quaternion();
  private fast = false;
  /** World units a second. */
  speed = 1;

  /** Takes a key; returns whether it is one of the flying keys. */
  key(code: string, down: boolean): boolean {
    if (code === 'ShiftLeft' || code === 'ShiftRight') this.fast = down;
    if (!(code in DIRECTIONS)) return false;
    if (down) this.held.add(code);
    else this.held.delete(code);
    return true;
  }

  release(): void {
    this.held.clear();
    this.fast = false;
  }

  get isMoving(): boolean {
    return this.held.size > 0;
  }

  /** Wheel notches: up is faster. */
  changeSpeed(notches: number): void {
    this.speed *= SPEED_STEP ** notches;
  }

  /** Moves `camera` and `target` together by the keys held for `seconds`. */
  move(camera: PerspectiveCamera, target: Vector3, seconds: number): void {
    this.step.set(0, 0, 0);
    for (const code of this.held) {
      const [x, y, z] = DIRECTIONS[code];
      this.step.x += x;
      this.step.y += y;
      this.step.z += z;
    }
    if (this.step.lengthSq() === 0) return;
    this.step.normalize().multiplyScalar(this.speed * (this.fast ? FAST : 1) * Math.min(seconds, MAX_STEP_SECONDS));
    this.step.applyQuaternion(camera.quaternion);
    camera.position.add(this.step);
    target.add(this.step);
  }

  /** Turns `camera` in place by a pointer's movement in pixels, and carries `target` along at its distance. */
  look(camera: PerspectiveCamera, target: Vector3, up: Vector3, dx: number, dy: number): void {
    const distance = camera.position.distanceTo(target);
    camera.getWorldDirection(this.forward);
    this.turn.setFromAxisAngle(up, -dx * LOOK_RADIANS_PER_PIXEL);
    this.forward.applyQuaternion(this.turn);
    const pitch = Math.asin(MathUtils.clamp(this.forward.dot(up), -1, 1));
    const wanted = MathUtils.clamp(pitch - dy * LOOK_RADIANS_PER_PIXEL, -MAX_PITCH_RADIANS, MAX_PITCH_RADIANS);
    this.side.crossVectors(this.forward, up).normalize();
    this.turn.setFromAxisAngle(this.side, wanted - pitch);
    this.forward.applyQuaternion(this.turn);
    target.copy(camera.position).addScaledVector(this.forward, distance);
    camera.lookAt(target);
  }
}
