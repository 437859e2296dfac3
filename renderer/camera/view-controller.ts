import { MathUtils, Matrix4, PerspectiveCamera, Vector3 } from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import { cameraCentre } from '../core/camera-parameters.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';
import { vec3, type Vec3 } from '../core/vector.ts';
import type { CameraPose } from './camera-pose.ts';
import { FlyMotion } from './fly.ts';
import { PhotoFlight, photoLens } from './photo-flight.ts';
import { framingOf, type Framing } from './framing.ts';
import { guidesFrame, type GuidesFrame } from './guides.ts';
import type { SceneBounds } from './scene-bounds.ts';
import { turnOffset } from './turn.ts';
import {
  FIRST_ELEVATION_DEGREES,
  elevationDegrees,
  fovOfShare,
  nearDistance,
  viewParameters,
} from './view-parameters.ts';
import { UP_DIRECTIONS, type UpAxis } from '../core/up-axes.ts';

export const MIN_FOV_DEGREES = 10;
export const MAX_FOV_DEGREES = 120;
/** From straight above the picture's top would be anywhere. */
const STEEPEST_DEGREES = 89.9;
/** Scene radii a second at first. */
const FLY_RADII_PER_SECOND = 0.6;
/** An edit that changes the scene's radius by more than this factor has changed its scale. */
const RESCALED = 3;
/** A camera that is off its framing place by less than this share of the distance was not moved since. */
const FRAMED_SHARE = 1e-4;
/** The wheel brings the camera this close to what it turns about: world units, or scene radii where that is less. */
const CLOSEST = 1e-3;
const CLOSEST_RADII = 0.01;
/** However much of the height is covered, the scene is looked at in this share of it at least. */
const LEAST_UNCOVERED = 0.25;
const NO_SCENE: SceneBounds = { centre: [0, 0, 0], radius: 1, low: [-1, -1, -1], high: [1, 1, 1], isSurrounded: false };

/** What of the element is not covered: its whole width in pixels, and a share of its height in pixels, from the top. */
interface Uncovered {
  readonly width: number;
  readonly height: number;
  readonly share: number;
}

/**
 * The free viewpoint: orbit, pan and dolly by three's OrbitControls, flight by WASD and QE at any time, and mouse look
 * in fly mode. Calls `onChange` whenever the picture must be drawn again.
 */
export class ViewController {
  readonly camera = new PerspectiveCamera(50, 1, 0.01, 1000);
  private readonly target = new Vector3();
  private upAxis: UpAxis = 'y';
  private readonly up = new Vector3(0, 1, 0);
  private readonly flight = new FlyMotion();
  private readonly offset = new Vector3();
  private readonly side = new Vector3();
  private orbit: OrbitControls;
  private bounds: SceneBounds = NO_SCENE;
  /** Where grid and axes stand; a new object whenever that changes. */
  guidesFrame: GuidesFrame = guidesFrame(NO_SCENE, 'y');
  private flying = false;
  private coveredPixels = 0;
  /** The sides in pixels, and the share of the height that nothing covers, for which the scene was framed last. */
  private framedFor: Uncovered = { width: 1, height: 1, share: 1 };
  /** The photo's camera that is looked through, until the person moves. */
  private flightIntoPhoto: PhotoFlight | undefined;
  private looking: number | undefined;

  constructor(
    private readonly element: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.orbit = this.makeOrbit();
    element.addEventListener('pointerdown', this.pointerDown);
    element.addEventListener('pointermove', this.pointerMove);
    element.addEventListener('pointerup', this.pointerUp);
    element.addEventListener('pointercancel', this.pointerUp);
    element.addEventListener('wheel', this.wheel, { passive: false });
  }

  /**
   * Takes a new scene's place and up axis, and looks at all of it from slightly above; from a side, where one is given.
   */
  setScene(bounds: SceneBounds, up: UpAxis, side?: Vec3): void {
    this.bounds = bounds;
    if (side !== undefined) this.camera.position.copy(this.target).add(this.side.set(...side));
    this.flight.speed = bounds.radius * FLY_RADII_PER_SECOND;
    this.setUp(up);
  }

  /**
   * Takes the scene's place after an edit: what Frame All goes by, and where grid and axes stand. The camera stays,
   * but for a scene that was seen whole and has another scale now.
   */
  setBounds(bounds: SceneBounds): void {
    const grown = bounds.radius / this.bounds.radius;
    const isRescaled = Math.max(grown, 1 / grown) > RESCALED && !this.isInPhoto && this.isFramed;
    this.bounds = bounds;
    this.guidesFrame = guidesFrame(bounds, this.upAxis);
    if (isRescaled) this.frameAll();
    else this.onChange();
  }

  /** Changes which way is up and frames the scene anew. */
  setUp(up: UpAxis): void {
    this.upAxis = up;
    this.up.set(...UP_DIRECTIONS[up]);
    this.camera.up.copy(this.up);
    this.guidesFrame = guidesFrame(this.bounds, up);
    // OrbitControls reads the camera's up direction once, when it is made.
    this.orbit.dispose();
    this.orbit = this.makeOrbit();
    this.lookFrom(FIRST_ELEVATION_DEGREES);
  }

  /** Remembers the view with all that it goes by; calling what it returns brings it back. */
  remember(): () => void {
    const { bounds, upAxis, pose, flightIntoPhoto } = this;
    const { speed } = this.flight;
    return () => {
      this.setScene(bounds, upAxis);
      this.flight.speed = speed;
      this.showPose(pose);
      this.flightIntoPhoto = flightIntoPhoto;
    };
  }

  /**
   * Takes the element's new size: a scene that was shown whole stays so, from the same side.
   * @param coveredPixels of its height, from below, that something else lies over
   */
  resized(coveredPixels: number): void {
    this.coveredPixels = coveredPixels;
    const wasFramed = !this.isInPhoto && this.isFramed;
    this.framedFor = this.uncovered;
    if (wasFramed) this.frameAll();
  }

  /** Shows the whole scene, keeping the direction of view. */
  frameAll(): void {
    this.offset.subVectors(this.camera.position, this.target);
    this.place(this.offset.normalize());
  }

  /** Looks at the whole scene from `elevation` degrees above its middle, keeping the side it is seen from. */
  lookFrom(elevation: number): void {
    const radians = MathUtils.degToRad(elevation);
    this.sideOfCamera().multiplyScalar(Math.cos(radians)).addScaledVector(this.up, Math.sin(radians));
    this.place(this.offset);
  }

  /**
   * Looks from the side of an axis (unit direction) at what is looked at, from as far as now. From above and below the
   * picture's top is an axis too: the one that the view was nearest to.
   */
  lookFromSide(axis: Vec3): void {
    const distance = this.camera.position.distanceTo(this.target);
    const height = this.side.set(...axis).dot(this.up);
    if (Math.abs(height) < 0.999) this.offset.copy(this.side);
    else {
      const radians = MathUtils.degToRad(Math.sign(height) * STEEPEST_DEGREES);
      this.offset.set(...nearestAxis(this.sideOfCamera().toArray()));
      this.offset.multiplyScalar(Math.cos(radians)).addScaledVector(this.up, Math.sin(radians));
    }
    this.camera.position.copy(this.target).addScaledVector(this.offset, distance);
    this.camera.lookAt(this.target);
    this.changed();
  }

  /** Turns about `point` from now on, without moving the camera. */
  recentre(point: Vec3): void {
    this.target.set(...point);
    this.camera.lookAt(this.target);
    this.changed();
  }

  /**
   * Turns about the target: the camera goes `rightDegrees` round it and `upDegrees` higher, never quite over the top.
   */
  turn(rightDegrees: number, upDegrees: number): void {
    const { camera, target, offset, up } = this;
    turnOffset(offset.subVectors(camera.position, target), up, rightDegrees, upDegrees);
    camera.position.addVectors(target, offset);
    camera.lookAt(target);
    this.changed();
  }

  /** Where the camera is now. */
  get pose(): CameraPose {
    const { position, quaternion: q, fov } = this.camera;
    return {
      position: position.toArray(),
      target: this.target.toArray(),
      orientation: [q.x, q.y, q.z, q.w],
      fovYDegrees: fov,
    };
  }

  /** Puts the camera into a pose, roll included; turning it by hand levels it again. */
  showPose({ position, target, orientation, fovYDegrees }: CameraPose): void {
    this.camera.position.set(...position);
    this.camera.quaternion.set(...orientation);
    this.camera.fov = fovYDegrees;
    this.target.set(...target);
    this.changed();
  }

  /** Unit direction that is up, in the file's own axes. */
  get upDirection(): Vec3 {
    return this.up.toArray();
  }

  /** Unit direction across up, from the point looked at towards the side that the camera is on. */
  get sideDirection(): Vec3 {
    return this.sideOfCamera().toArray();
  }

  /** The scene's place, as judged when it was opened. */
  get sceneBounds(): SceneBounds {
    return this.bounds;
  }

  /**
   * Flies into a photo's camera and shows the scene through its own lens, with its roll and principal point, until the
   * camera is moved. The photo lies where `photoRectangle` says.
   * @param photo the camera for the photo's size
   * @param seconds of the flight; 0 is there at once
   */
  lookThrough(photo: CameraParameters, seconds: number): void {
    const { clientWidth, clientHeight } = this.element;
    const before = this.flightIntoPhoto ?? this.camera.clone();
    const flight = new PhotoFlight(
      photo,
      (width, height) =>
        before instanceof PhotoFlight ? before.parameters(width, height) : this.freeParameters(before, width, height),
      seconds,
    );
    // The free camera goes along, so that moving it goes on from here.
    const { worldToView: m, fy } = photoLens(photo, Math.max(1, clientWidth), Math.max(1, clientHeight));
    const basis = new Matrix4().set(m[0], -m[4], -m[8], 0, m[1], -m[5], -m[9], 0, m[2], -m[6], -m[10], 0, 0, 0, 0, 1);
    this.camera.quaternion.setFromRotationMatrix(basis);
    this.camera.position.set(...cameraCentre(photo.worldToView));
    this.camera.fov = MathUtils.radToDeg(2 * Math.atan(Math.max(1, clientHeight) / (2 * fy)));
    const forward = this.side.set(m[8], m[9], m[10]);
    const depth = this.offset
      .set(...this.bounds.centre)
      .sub(this.camera.position)
      .dot(forward);
    this.target.copy(this.camera.position).addScaledVector(forward, Math.max(depth, this.bounds.radius * 0.1));
    this.changed();
    this.flightIntoPhoto = flight;
  }

  /** The photo's camera that is looked through; undefined in free view and while flying there. */
  get photoCamera(): CameraParameters | undefined {
    return this.flightIntoPhoto?.hasArrived === true ? this.flightIntoPhoto.photo : undefined;
  }

  /** Whether a photo's camera is looked through or flown to. */
  get isInPhoto(): boolean {
    return this.flightIntoPhoto !== undefined;
  }

  get fovYDegrees(): number {
    return this.camera.fov;
  }

  set fovYDegrees(value: number) {
    this.camera.fov = MathUtils.clamp(value, MIN_FOV_DEGREES, MAX_FOV_DEGREES);
    this.changed();
  }

  /** Vertical field of view of the lens that is looked through: a photo's own, which need not fill the picture. */
  get lensFovYDegrees(): number {
    const photo = this.flightIntoPhoto?.photo;
    if (photo === undefined) return this.camera.fov;
    return MathUtils.radToDeg(2 * Math.atan(photo.height / (2 * photo.fy)));
  }

  get isFlying(): boolean {
    return this.flying;
  }

  set isFlying(value: boolean) {
    this.flying = value;
    this.orbit.enabled = !value;
    this.looking = undefined;
    this.changed();
  }

  /**
   * Height of the camera above the point it looks at, as an angle; that of a photo's above the scene's middle, which
   * the capture's own figures go by.
   */
  get elevationDegrees(): number {
    const { camera, target, bounds, up } = this;
    const lookedAt = this.isInPhoto ? this.side.set(...bounds.centre) : target;
    return elevationDegrees(this.offset.subVectors(camera.position, lookedAt), up);
  }

  /** Takes a key by its physical code; returns whether it moves the camera. */
  key(code: string, down: boolean): boolean {
    const taken = this.flight.key(code, down);
    if (taken) this.onChange();
    return taken;
  }

  releaseKeys(): void {
    this.flight.release();
  }

  /** Moves on by `seconds`; returns whether the camera is under way, so that the next frame must be drawn too. */
  advance(seconds: number): boolean {
    if (!this.flight.isMoving) return this.flightIntoPhoto?.advance(seconds) === true;
    this.flightIntoPhoto = undefined;
    this.flight.move(this.camera, this.target, seconds);
    this.orbit.target.copy(this.target);
    return true;
  }

  /** The camera for a picture of this size in pixels. */
  parameters(width: number, height: number): CameraParameters {
    const { flightIntoPhoto, camera } = this;
    const parameters = flightIntoPhoto?.parameters(width, height) ?? this.freeParameters(camera, width, height);
    return { ...parameters, near: nearDistance(this.bounds.radius, this.camera.position.distanceTo(this.target)) };
  }

  dispose(): void {
    this.orbit.dispose();
    this.element.removeEventListener('pointerdown', this.pointerDown);
    this.element.removeEventListener('pointermove', this.pointerMove);
    this.element.removeEventListener('pointerup', this.pointerUp);
    this.element.removeEventListener('pointercancel', this.pointerUp);
    this.element.removeEventListener('wheel', this.wheel);
  }

  /** What is looked at stands in the middle of what nothing covers. */
  private freeParameters(camera: PerspectiveCamera, width: number, height: number): CameraParameters {
    const parameters = viewParameters(camera, width, height);
    return { ...parameters, cy: parameters.cy * this.uncovered.share };
  }

  private get uncovered(): Uncovered {
    const [width, height] = [this.element.clientWidth, this.element.clientHeight].map((side) => Math.max(1, side));
    return { width, height, share: Math.max(LEAST_UNCOVERED, 1 - this.coveredPixels / height) };
  }

  /** Puts the camera in `direction` (unit) from the scene's middle, to where all of it is seen. */
  private place(direction: Vector3): void {
    this.framedFor = this.uncovered;
    const { target, distance } = this.framing;
    this.target.set(...target);
    this.camera.position.copy(this.target).addScaledVector(direction, distance);
    this.camera.lookAt(this.target);
    this.changed();
  }

  /** From where the camera sees all of the scene in what nothing covers. */
  private get framing(): Framing {
    const { width, height, share } = this.framedFor;
    return framingOf(this.bounds, fovOfShare(this.camera.fov, share), width / (share * height));
  }

  /** Whether the camera still stands where all of the scene is seen, from whichever side. */
  private get isFramed(): boolean {
    const { target, camera, framing } = this;
    const off = this.offset.set(...framing.target).distanceTo(target);
    const nearer = Math.abs(camera.position.distanceTo(target) - framing.distance);
    return Math.max(off, nearer) < FRAMED_SHARE * framing.distance;
  }

  /** Unit, across up; written to `offset`. */
  private sideOfCamera(): Vector3 {
    this.offset.subVectors(this.camera.position, this.target).projectOnPlane(this.up);
    // From straight above the picture's top still tells which side the camera was on.
    if (this.offset.lengthSq() < 1e-12)
      this.offset.set(0, 1, 0).applyQuaternion(this.camera.quaternion).negate().projectOnPlane(this.up);
    if (this.offset.lengthSq() < 1e-12) this.offset.copy(this.anySide());
    return this.offset.normalize();
  }

  private anySide(): Vector3 {
    return Math.abs(this.up.z) > 0.5 ? new Vector3(0, -1, 0) : new Vector3(0, 0, 1);
  }

  private makeOrbit(): OrbitControls {
    const orbit = new OrbitControls(this.camera, this.element);
    orbit.enableDamping = false;
    orbit.zoomToCursor = false;
    orbit.minDistance = Math.min(CLOSEST, CLOSEST_RADII * this.bounds.radius);
    orbit.enabled = !this.flying;
    orbit.target.copy(this.target);
    orbit.addEventListener('change', () => {
      this.flightIntoPhoto = undefined;
      this.target.copy(orbit.target);
      this.onChange();
    });
    return orbit;
  }

  private changed(): void {
    this.flightIntoPhoto = undefined;
    this.orbit.target.copy(this.target);
    this.camera.updateMatrixWorld();
    this.onChange();
  }

  private readonly pointerDown = (event: PointerEvent): void => {
    if (!this.flying) return;
    this.looking = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
  };

  private readonly pointerMove = (event: PointerEvent): void => {
    if (event.pointerId !== this.looking) return;
    this.flight.look(this.camera, this.target, this.up, event.movementX, event.movementY);
    this.changed();
  };

  private readonly pointerUp = (event: PointerEvent): void => {
    if (event.pointerId === this.looking) this.looking = undefined;
  };

  private readonly wheel = (event: WheelEvent): void => {
    if (!this.flying) return;
    event.preventDefault();
    this.flight.changeSpeed(-Math.sign(event.deltaY));
  };
}

/** The axis, of either sense, that a direction is nearest to. */
function nearestAxis(direction: Vec3): Vec3 {
  const longest = direction.map(Math.abs).indexOf(Math.max(...direction.map(Math.abs)));
  return vec3((k) => (k === longest ? Math.sign(direction[k]) : 0));
}
