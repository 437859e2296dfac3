import { expect, it } from 'vitest';
import { canReplaceItself, endingOf, transferError } from '../../../../electron/updates/updater.ts';

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

it('a failed download is told in words, never by the names that networks and disks have', () => {
  const feed = 'https://updates.example.org/';
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const failures = [new Error('net::ERR_INTERNET_DISCONNECTED'), full, new Error('net::ERR_NEW'), new Error('a.b')];
  expect(failures.map((error) => transferError(error, feed).sentence)).toEqual([
    "updates.example.org can't be reached. Check the internet connection, then try again.",
    'The update could not be written: the disk is full. Free some space and try again.',
    'The connection to updates.example.org failed. Check the internet connection, then try again.',
    'The update could not be downloaded. Try again later.',
  ]);
});
