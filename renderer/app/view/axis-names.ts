import type { CameraParameters } from '../../core/camera-parameters.ts';
import { axisEnds, type AxisName, type GuidesFrame } from '../../camera/guides.ts';
import { projectPoint } from '../../edit/shapes.ts';
import { el } from '../ui/dom.ts';

/** The names of the axes that stand in the scene, at their ends. */
export class AxisNames {
  readonly element = el('div', { class: 'axis-names', 'aria-hidden': 'true' });
  private readonly names: Readonly<Record<AxisName, HTMLElement>>;

  constructor() {
    const name = (axis: AxisName): HTMLElement => el('span', { class: `axis-${axis}`, text: axis.toUpperCase() });
    this.names = { x: name('x'), y: name('y'), z: name('z') };
    this.element.append(...Object.values(this.names));
  }

  /** Puts the names where the camera, of a picture in CSS pixels, sees the axes end; call it after each frame. */
  show(frame: GuidesFrame, camera: CameraParameters): void {
    for (const { axis, at } of axisEnds(frame)) {
      const seen = projectPoint(camera, at);
      const name = this.names[axis];
      name.hidden = seen === undefined;
      if (seen !== undefined) name.style.transform = `translate(${seen.x.toFixed(1)}px, ${seen.y.toFixed(1)}px)`;
    }
  }
}
