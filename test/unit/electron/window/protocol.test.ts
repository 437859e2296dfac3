import { describe, expect, test, vi } from 'vitest';
import { resolveInside } from '../../../../electron/window/protocol.ts';

vi.mock('electron', () => ({ protocol: {} }));

describe('resolveInside', () => {
  test('serves files below the folder and nothing else', () => {
    expect(resolveInside('/app/page', 'app://splatformer/assets/a%20b.js')).toBe('/app/page/assets/a b.js');
    for (const url of [
      'app://splatformer/..%2f..%2fetc/passwd',
      'app://elsewhere/index.html',
      'app://splatformer/%00',
      'app://splatformer/%zz',
    ]) {
      expect(resolveInside('/app/page', url)).toBeUndefined();
    }
    expect(resolveInside('/app/page', 'app://splatformer/..%2fpage-other/x')).toBeUndefined();
  });
});
