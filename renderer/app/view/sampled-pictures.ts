import type { SplatScene } from '../../core/splat-scene.ts';
import { sampleScene, sampleStep } from '../../edit/sample-scene.ts';
import type { Picture } from './picture.ts';

/** Pictures of scenes that are too large to be drawn, of every so many of their splats. */
export class SampledPictures {
  private readonly samples = new WeakMap<SplatScene, SplatScene>();
  private readonly mapValues = new WeakMap<Float32Array, Float32Array>();

  /** @param most splats of a sample */
  constructor(private readonly most: number) {}

  /** The sample of a scene, always the same. */
  sampleOf(scene: SplatScene): SplatScene {
    const known = this.samples.get(scene);
    if (known !== undefined) return known;
    const sample = sampleScene(scene, sampleStep(scene.count, this.most));
    this.samples.set(scene, sample);
    return sample;
  }

  /** A picture with samples in the place of its scenes. */
  pictureOf(picture: Picture): Picture {
    switch (picture.kind) {
      case 'scene':
        return { ...picture, scene: picture.scene && this.sampleOf(picture.scene) };
      case 'compare':
        return { ...picture, before: this.sampleOf(picture.before), after: this.sampleOf(picture.after) };
      case 'overlay':
        return { ...picture, scene: this.sampleOf(picture.scene), mapValues: this.valuesOf(picture.mapValues) };
    }
  }

  /** Of values that are one for each splat those of the sample, always the same array. */
  private valuesOf(values: Float32Array): Float32Array {
    const known = this.mapValues.get(values);
    if (known !== undefined) return known;
    const step = sampleStep(values.length, this.most);
    const sampled = values.filter((_, i) => i % step === 0);
    this.mapValues.set(values, sampled);
    return sampled;
  }
}
