import { expect, it } from 'vitest';
import { canReplaceItself, endingOf } from '../../../../electron/updates/updater.ts';

it('a copy that was installed can replace itself, and one that was only unpacked can not', () => {
  expect(canReplaceItself('linux', {}, undefined)).toBe(false);
  expect(canReplaceItself('linux', {}, 'rpm')).toBe(false);
  expect(canReplaceItself('linux', {}, 'deb\n')).toBe(true);
  expect(canReplaceItself('linux', { APPIMAGE: '/home/x/app.AppImage' }, undefined)).toBe(true);
  expect(canReplaceItself('win32', {}, undefined)).toBe(true);
  expect(canReplaceItself('darwin', {}, undefined)).toBe(true);
});

it('each kind of copy takes the file of its own kind', () => {
  expect(endingOf('win32', {})).toBe('.exe');
  expect(endingOf('darwin', {})).toBe('.zip');
  expect(endingOf('linux', {})).toBe('.deb');
  expect(endingOf('linux', { APPIMAGE: '/home/x/app.AppImage' })).toBe('.AppImage');
});
