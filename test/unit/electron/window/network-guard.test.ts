import { expect, it } from 'vitest';
import { HostNames, isLocalRequest } from '../../../../electron/window/network-guard.ts';

it('names of hosts may be asked for while any download runs, and only then', () => {
  const modes: (string | undefined)[] = [];
  const names = new HostNames({ configureHostResolver: ({ secureDnsMode }) => void modes.push(secureDnsMode) });
  names.forbid();
  names.allow(true);
  names.allow(true);
  names.allow(false);
  expect(modes).toEqual(['secure', 'automatic', 'automatic', 'automatic']);
  names.allow(false);
  expect(modes.at(-1)).toBe('secure');
});

it("the app's own schemes stay within it", () => {
  expect(['app://x/', 'blob:x', 'data:,', 'devtools://x'].every(isLocalRequest)).toBe(true);
  expect(
    ['https://example.com', 'http://127.0.0.1', 'file:///etc/passwd', 'about:blank', ''].some(isLocalRequest),
  ).toBe(false);
});
