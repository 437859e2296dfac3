import { describe, expect, it } from 'vitest';
import type { Box, Sphere } from '../../../renderer/edit/shapes.ts';
import {
  boxAround,
  dragHandle,
  handlesOf,
  moveSide,
  projectPoint,
  shapeLines,
  sphereLinesFrom,
} from '../../../renderer/edit/shapes.ts';
import { randomScene } from '../io/fixtures.ts';
import { straightCamera as camera } from './straight-camera.ts';

const box: Box = { kind: 'box', centre: [0, 0, 0], halfSize: [1, 2, 3] };
const sphere: Sphere = { kind: 'sphere', centre: [0, 0, 0], radius: 2 };

describe('handles', () => {
  it('sit at the centre and in the middle of every side', () => {
    expect(handlesOf(box).map(({ id, position }) => [id, ...position])).toEqual([
      ['centre', 0, 0, 0],
      ['x+', 1, 0, 0],
      ['x-', -1, 0, 0],
      ['y+', 0, 2, 0],
      ['y-', 0, -2, 0],
      ['z+', 0, 0, 3],
      ['z-', 0, 0, -3],
    ]);
  });

  it('project to pixels, not from behind the camera', () => {
    expect(projectPoint(camera, [1, 2, 0])).toMatchObject({ x: 210, y: 170, depth: 10 });
    expect(projectPoint(camera, [0, 0, -11])).toBeUndefined();
  });

  it('follow the pointer: the side moves, the opposite one stays', () => {
    const dragged = dragHandle(box, 'x+', camera, 20, 3) as Box;
    expect(dragged.centre[0] + dragged.halfSize[0]).toBeCloseTo(3, 2);
    expect(dragged.centre[0] - dragged.halfSize[0]).toBeCloseTo(-1, 6);
    const other = dragHandle(box, 'y-', camera, 0, -10) as Box;
    expect(other.centre[1] - other.halfSize[1]).toBeCloseTo(-3, 2);
    expect(other.centre[1] + other.halfSize[1]).toBeCloseTo(2, 6);
    expect((dragHandle(sphere, 'x+', camera, 10, 0) as Sphere).radius).toBeCloseTo(3, 2);
    expect((dragHandle(sphere, 'x-', camera, 10, 0) as Sphere).radius).toBeCloseTo(1, 2);
  });

  it('move the whole shape in the plane of the picture by its centre', () => {
    expect(dragHandle(sphere, 'centre', camera, 10, -20)).toEqual({ kind: 'sphere', centre: [1, -2, 0], radius: 2 });
  });

  it('stay where they are on an axis that points at the camera, and never turn inside out', () => {
    const dragged = dragHandle(box, 'z+', camera, 0, 50) as Box;
    expect(dragged.halfSize[2]).toBeCloseTo(3, 6);
    expect((moveSide(sphere, 'x+', -100) as Sphere).radius).toBeGreaterThan(0);
    const tiny: Sphere = { kind: 'sphere', centre: [0, 0, 0], radius: 1e-8 };
    expect((moveSide(tiny, 'x+', -5e-9) as Sphere).radius).toBeCloseTo(5e-9, 12);
    const flat = moveSide(box, 'y-', -100) as Box;
    expect(flat.halfSize[1]).toBeGreaterThan(0);
    expect(flat.centre[1] + flat.halfSize[1]).toBeCloseTo(2, 5);
    expect(moveSide(box, 'centre', 1)).toBe(box);
  });
});

it('draws a box by its twelve edges and a sphere by three closed circles', () => {
  const edges = shapeLines(box, [1, 0.5, 0]);
  expect(edges.positions).toHaveLength(12 * 6);
  expect([...edges.colours.subarray(3, 6)]).toEqual([1, 0.5, 0]);
  for (let i = 0; i < edges.positions.length; i += 6) {
    const differing = [0, 1, 2].filter((k) => edges.positions[i + k] !== edges.positions[i + 3 + k]);
    expect(differing).toHaveLength(1);
  }
  const { positions } = shapeLines(sphere, [1, 1, 1]);
  for (let i = 0; i < positions.length; i += 3) expect(Math.hypot(...positions.subarray(i, i + 3))).toBeCloseTo(2, 5);
});

describe('a sphere seen from a point', () => {
  const ends = ({ positions }: { readonly positions: Float32Array }) =>
    Array.from({ length: positions.length / 3 }, (_, i) => positions.subarray(3 * i, 3 * i + 3));

  it('hides the far halves of its circles behind its outline', () => {
    const { near, far } = sphereLinesFrom({ kind: 'sphere', centre: [1, 0, 0], radius: 2 }, [1, 0, -10], [0, 1, 0]);
    // The plane in which rays from the eye touch it lies 4/10 before its centre.
    for (const [, , z] of ends(near)) expect(z).toBeLessThan(-0.4 + 0.07);
    for (const [, , z] of ends(far)) expect(z).toBeGreaterThan(-0.4 - 0.07);
    const outline = ends(near).filter(([, , z]) => Math.abs(z + 0.4) < 1e-5);
    expect(outline.length).toBeGreaterThanOrEqual(2 * 96);
    for (const [x, y, z] of [...ends(near), ...ends(far)]) expect(Math.hypot(x - 1, y, z)).toBeCloseTo(2, 5);
    expect([...near.colours.subarray(0, 3)]).toEqual([0, 1, 0]);
  });

  it('hides nothing from within', () => {
    const { near, far } = sphereLinesFrom({ kind: 'sphere', centre: [0, 0, 0], radius: 2 }, [0, 0.5, 0], [0, 1, 0]);
    expect(far.positions).toHaveLength(0);
    expect(near.positions).toHaveLength(3 * 96 * 6);
  });
});

it('a box around a ball holds all of the splats in it, closely, and none that strays', () => {
  const scene = randomScene(500, 0, 3);
  scene.positions.forEach((value, i) => (scene.positions[i] = [4, 2, 0.5][i % 3] * Math.sin(value)));
  scene.positions.set([90, 0, 0], 3 * 17);
  const { centre, halfSize } = boxAround(scene, { kind: 'sphere', centre: [0, 0, 0], radius: 5 });
  halfSize.forEach((half, k) => {
    expect(half).toBeLessThan([4, 2, 0.5][k] + 0.01);
    const outside = Array.from({ length: 500 }, (_, i) => i).filter(
      (i) => Math.abs(scene.positions[3 * i + k] - centre[k]) > half,
    );
    expect(outside).toEqual(k === 0 ? [17] : []);
  });
});
