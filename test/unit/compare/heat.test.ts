import { describe, expect, it } from 'vitest';
import { heatEntry, heatPlace, heatTicks, luma } from '../../../renderer/compare/heat.ts';
import { COLOUR_MAP_SIZE, colourMap, colourMapIndex } from '../../../renderer/core/colour-map.ts';
import { paneCamera, panes } from '../../../renderer/gpu/compare-view.ts';

describe('heat', () => {
  it('weighs colours as the screen shows them', () => {
    expect(luma(1, 1, 1)).toBeCloseTo(1, 12);
    expect(luma(3, -1, 0)).toBeCloseTo(0.2126, 12);
  });

  it('places differences on the map, linear, signed and in decibels', () => {
    expect(heatPlace(-0.05, { measure: 'absolute', largest: 0.1 })).toBeCloseTo(0.5, 12);
    expect(heatPlace(-0.05, { measure: 'signed', largest: 0.1 })).toBeCloseTo(0.25, 12);
    expect(heatPlace(0.01, { measure: 'decibel', largest: 0.1 })).toBeCloseTo(0.5, 12);
    expect(heatPlace(0, { measure: 'decibel', largest: 0.1 })).toBe(0);
    expect(heatPlace(9, { measure: 'decibel', largest: 0.1 })).toBe(1);
    expect(heatEntry(0, { measure: 'signed', largest: 1 })).toBe(128);
  });

  it('labels the map in the unit of the measure', () => {
    const labels = (...args: Parameters<typeof heatTicks>) => heatTicks(...args).map(({ label }) => label);
    expect(labels('absolute', 0.2)).toEqual(['0', '0.05', '0.1', '0.15', '0.2']);
    expect(labels('signed', 0.2)).toEqual(['−0.2', '−0.1', '0', '+0.1', '+0.2']);
    expect(labels('decibel', 0.1)).toEqual(['≤ −60 dB', '−50 dB', '−40 dB', '−30 dB', '−20 dB']);
  });
});

describe('colour maps', () => {
  it('begin and end with their first and last stop and grow lighter all the way', () => {
    const inferno = colourMap('inferno');
    expect(inferno.length).toBe(COLOUR_MAP_SIZE * 3);
    expect([...inferno.subarray(0, 3)]).toEqual([0, 0, 4]);
    expect([...inferno.subarray(-3)]).toEqual([0xfc, 0xff, 0xa4]);
    for (const name of ['inferno', 'viridis'] as const) {
      const table = colourMap(name);
      const light = Array.from({ length: COLOUR_MAP_SIZE }, (_, i) =>
        luma(table[i * 3] / 255, table[i * 3 + 1] / 255, table[i * 3 + 2] / 255),
      );
      expect(light.every((value, i) => i < 8 || value > light[i - 8])).toBe(true);
    }
    // No difference looks like nothing, neither warm nor cold.
    expect([...colourMap('berlin').subarray(128 * 3, 129 * 3)].every((byte) => byte >= 17 && byte <= 21)).toBe(true);
    expect(
      colourMap('coolwarm')
        .subarray(127 * 3, 128 * 3)
        .every((byte) => byte > 200),
    ).toBe(true);
  });

  it('round to the nearest entry and cut off beyond the ends', () => {
    expect([-1, 0, 0.5, 1, 7].map(colourMapIndex)).toEqual([0, 0, 128, 255, 255]);
  });
});

describe('panes', () => {
  it('share the picture without a gap, the odd pixel after', () => {
    expect(panes(101, 40, 'vertical')).toEqual([
      { x: 0, y: 0, width: 50, height: 40 },
      { x: 50, y: 0, width: 51, height: 40 },
    ]);
    expect(panes(101, 41, 'horizontal')).toEqual([
      { x: 0, y: 0, width: 101, height: 20 },
      { x: 0, y: 20, width: 101, height: 21 },
    ]);
  });

  it('keep what was framed: the smaller side sees the same angle', () => {
    const camera = { worldToView: new Float64Array(16), fx: 500, fy: 520, cx: 420, cy: 300, width: 800, height: 600 };
    const narrow = paneCamera(camera, { width: 400, height: 600 });
    expect(narrow.fx / 400).toBeCloseTo(500 / 600, 12);
    expect(narrow.fx / narrow.fy).toBeCloseTo(500 / 520, 12);
    expect([narrow.cx, narrow.cy]).toEqual([200 + (20 * 400) / 600, 300]);
    expect(paneCamera(camera, { width: 800, height: 600 })).toEqual(camera);
    expect(paneCamera({ ...camera, near: 0.01 }, { width: 400, height: 600 }).near).toBe(0.01);
  });
});
