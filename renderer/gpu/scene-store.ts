import type { ColourMapName } from '../core/colour-map.ts';
import { SCENE_ARRAYS, type SceneArray, type SplatScene } from '../core/splat-scene.ts';
import { ColourOverlay } from './colour-overlay.ts';
import { GpuScene } from './gpu-scene.ts';

/**
 * The scenes on a device, by the scene they were uploaded from: put there when first asked for, and let go when no
 * longer kept. A scene of the same shape as one just let go takes over its buffers, since sliders make scene after
 * scene.
 */
export class SceneStore {
  private readonly uploaded = new Map<SplatScene, GpuScene>();
  private kept: readonly SplatScene[] = [];
  /** A scene let go of, whose buffers the next one of its shape will take over. */
  private spare: { readonly scene: SplatScene; readonly gpuScene: GpuScene } | undefined;
  private overlay:
    | {
        readonly of: GpuScene;
        readonly colours: ColourOverlay;
        mapValues: Float32Array;
        map: ColourMapName | undefined;
      }
    | undefined;

  constructor(private readonly device: GPUDevice) {}

  /** Lets go of every scene that is not in `scenes`. */
  keepOnly(scenes: readonly SplatScene[]): void {
    this.kept = scenes;
    const awaited = scenes.filter((scene) => !this.uploaded.has(scene));
    const isWanted = (gpuScene: GpuScene): boolean => awaited.some((scene) => gpuScene.fits(scene));
    if (this.spare !== undefined && !isWanted(this.spare.gpuScene)) {
      this.destroyScene(this.spare.gpuScene);
      this.spare = undefined;
    }
    for (const [scene, gpuScene] of this.uploaded) {
      if (scenes.includes(scene)) continue;
      this.uploaded.delete(scene);
      if (this.spare === undefined && isWanted(gpuScene)) this.spare = { scene, gpuScene };
      else this.destroyScene(gpuScene);
    }
  }

  /** @throws SplatError as the constructor of GpuScene */
  get(scene: SplatScene): GpuScene {
    const known = this.uploaded.get(scene);
    if (known !== undefined) return known;
    const gpuScene = this.takeOver(scene) ?? new GpuScene(this.device, scene);
    this.uploaded.set(scene, gpuScene);
    return gpuScene;
  }

  /** Whether the scene is on the device. */
  has(scene: SplatScene): boolean {
    return this.uploaded.has(scene);
  }

  /** Lets go of a scene that the device has no room for. */
  drop(scene: SplatScene): void {
    const gpuScene = this.uploaded.get(scene);
    if (gpuScene === undefined) return;
    this.uploaded.delete(scene);
    this.destroyScene(gpuScene);
  }

  /**
   * The scene in colours of a map; one scene at a time. Painted again only when `mapValues` is another array or `map`
   * another map.
   */
  painted(scene: SplatScene, mapValues: Float32Array, map: ColourMapName): ColourOverlay {
    const gpuScene = this.get(scene);
    if (this.overlay?.of !== gpuScene) {
      this.overlay?.colours.destroy();
      this.overlay = { of: gpuScene, colours: new ColourOverlay(this.device, gpuScene), mapValues, map: undefined };
    }
    const { overlay } = this;
    if (overlay.mapValues !== mapValues || overlay.map !== map) {
      overlay.colours.paint(mapValues, map);
      overlay.mapValues = mapValues;
      overlay.map = map;
    }
    return overlay.colours;
  }

  private takeOver(scene: SplatScene): GpuScene | undefined {
    const { spare } = this;
    if (spare?.gpuScene.fits(scene) !== true) return undefined;
    this.spare = undefined;
    // Whoever makes scene after scene may write over its own arrays, but not over those of another scene that is kept.
    const isSame = (name: SceneArray): boolean =>
      scene[name] === spare.scene[name] && this.kept.some((other) => other !== scene && other[name] === scene[name]);
    spare.gpuScene.update(
      scene,
      SCENE_ARRAYS.filter((name) => !isSame(name)),
    );
    return spare.gpuScene;
  }

  private destroyScene(gpuScene: GpuScene): void {
    if (this.overlay?.of === gpuScene) {
      this.overlay.colours.destroy();
      this.overlay = undefined;
    }
    gpuScene.destroy();
  }
}
