import { describe, expect, it } from 'vitest';
import { storedViewSchema, viewSettingsSchema } from '../../../renderer/bridge/settings.ts';

const DEFAULTS = storedViewSchema.parse({});

describe('the choices about the view', () => {
  it('have a default each, which the page may send back', () => {
    expect(viewSettingsSchema.parse(DEFAULTS)).toEqual(DEFAULTS);
  });

  it('fall back one by one where the file of settings has a bad value', () => {
    expect(storedViewSchema.parse({ ...DEFAULTS, showGrid: true, zoomPercent: 7, theme: 'plaid' })).toEqual({
      ...DEFAULTS,
      showGrid: true,
    });
  });

  it('are refused where the page sends a bad value, lacks one or adds one', () => {
    const { showGauge, ...others } = DEFAULTS;
    for (const wrong of [{ ...DEFAULTS, zoomPercent: 7 }, others, { ...DEFAULTS, other: showGauge }])
      expect(viewSettingsSchema.safeParse(wrong).success).toBe(false);
  });
});
