import { cameraCentre, type CameraParameters } from '../core/camera-parameters.ts';
import { NEAR_Z } from '../core/near-distance.ts';
import { slopeLimits } from '../core/reference-render.ts';
import { shaders } from './shaders.ts';
import { Uniforms } from './uniforms.ts';

const MEMBERS = [
  'viewRow0',
  'viewRow1',
  'viewRow2',
  'focalX',
  'focalY',
  'antialiased',
  'eyeHigh',
  'near',
  'eyeLow',
  'principal',
  'viewport',
  'slopeMin',
  'slopeMax',
] as const;
type Member = (typeof MEMBERS)[number];

/** What a frame takes from the scene that it shows. */
export interface FrameScene {
  readonly antialiased: boolean;
  /** Near distance of cameras that name none, world units. */
  readonly near: number;
}

/** For frames without a scene. */
export const NO_SCENE: FrameScene = { antialiased: false, near: NEAR_Z };

/** The Frame struct of shaders/common/frame.wgsl, written from a camera without allocating. */
export class FrameUniforms {
  private readonly uniforms: Uniforms;
  private readonly at: Readonly<Record<Member, number>>;

  constructor(device: GPUDevice) {
    this.uniforms = new Uniforms(device, shaders.draw, 'Frame');
    this.at = Object.fromEntries(MEMBERS.map((name) => [name, this.uniforms.member(name)])) as Record<Member, number>;
  }

  get buffer(): GPUBuffer {
    return this.uniforms.buffer;
  }

  /**
   * Intrinsics are scaled to the target where the camera was made for another size, so a resized window is never wrong.
   * A part of a picture keeps the slope limits of the whole, so that parts drawn one by one join without a seam.
   */
  write(camera: CameraParameters, width: number, height: number, scene: FrameScene): void {
    const { worldToView: v } = camera;
    const { f32, u32 } = this.uniforms;
    const { at } = this;
    const eye = cameraCentre(v);
    for (let k = 0; k < 3; k++) {
      f32[at.viewRow0 + k] = v[k];
      f32[at.viewRow1 + k] = v[4 + k];
      f32[at.viewRow2 + k] = v[8 + k];
      f32[at.eyeHigh + k] = eye[k];
      f32[at.eyeLow + k] = eye[k] - Math.fround(eye[k]);
    }
    f32[at.near] = camera.near ?? scene.near;
    u32[at.antialiased] = scene.antialiased ? 1 : 0;
    const { part } = camera;
    this.writeAxis(0, at.focalX, camera.fx, camera.cx, part === undefined ? width : camera.width, camera.width);
    this.writeAxis(1, at.focalY, camera.fy, camera.cy, part === undefined ? height : camera.height, camera.height);
    f32[at.viewport] = width;
    f32[at.viewport + 1] = height;
    f32[at.principal] -= part?.x ?? 0;
    f32[at.principal + 1] -= part?.y ?? 0;
    this.uniforms.upload();
  }

  /** @param size of the whole picture as it is drawn @param madeFor the size that the intrinsics belong to */
  private writeAxis(
    axis: 0 | 1,
    focalAt: number,
    focal: number,
    principal: number,
    size: number,
    madeFor: number,
  ): void {
    const { f32 } = this.uniforms;
    const scale = size / madeFor;
    const limits = slopeLimits(size, principal * scale, focal * scale);
    f32[focalAt] = focal * scale;
    f32[this.at.principal + axis] = principal * scale;
    f32[this.at.slopeMin + axis] = limits[0];
    f32[this.at.slopeMax + axis] = limits[1];
  }

  destroy(): void {
    this.uniforms.destroy();
  }
}
