import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogFile, withoutHome } from '../../../electron/log.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-log-'));
  path = join(folder, 'a.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

const lines = (): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

it('a fault that repeats itself for hours stays below two and a half megabytes', () => {
  let now = 0;
  const log = new LogFile(path, () => now);
  for (let i = 0; i < 20_000; i += 1) {
    log.write('error', 'x'.repeat(20_000));
    now += 200;
  }
  expect(statSync(path).size + statSync(log.oldPath).size).toBeLessThan(2.5e6);
});

it('a flood within a second is cut off, and how much was is told', () => {
  let now = 1000;
  const log = new LogFile(path, () => now);
  for (let i = 0; i < 5000; i += 1) log.write('info', `message ${i}`);
  expect(lines()).toHaveLength(50);
  now += 1000;
  log.write('info', 'later');
  expect(lines().slice(-2)).toEqual([
    expect.stringContaining('WARNING 4950 messages were left out.'),
    expect.stringContaining('INFO later'),
  ]);
});

it('a log that was left full moves aside', () => {
  writeFileSync(path, 'x'.repeat(2 ** 20 + 1));
  const log = new LogFile(path);
  log.write('info', 'new');
  expect(lines()).toHaveLength(1);
  expect(statSync(log.oldPath).size).toBe(2 ** 20 + 1);
});

it("the person's own folder is not named", () => {
  const log = new LogFile(path);
  log.write('info', `Opened ${join(homedir(), 'scan.ply')}.`);
  expect(log.tail()).toContain(`Opened ${join('~', 'scan.ply')}.`);
  expect(log.tail()).not.toContain(homedir());
});

it('nor is it by its address, nor by its place behind a link', () => {
  const stack = 'at file:///C:/Users/Ann%20Lee/app/main.js, of C:\\Users\\Ann Lee\\scan.ply';
  expect(withoutHome(stack, 'C:\\Users\\Ann Lee')).toBe('at file:///~/app/main.js, of ~\\scan.ply');
  const home = join(folder, 'home');
  symlinkSync(folder, home);
  expect(withoutHome(`${join(folder, 'a.ply')} ${join(home, 'a.ply')}`, home)).not.toContain(folder);
  expect(withoutHome('/opt/app/a.ply', '/')).toBe('/opt/app/a.ply');
});
