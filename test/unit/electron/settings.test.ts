import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SettingsStore } from '../../../electron/settings.ts';
import { temporaryName } from '../../../renderer/io/temporary-file.ts';

vi.mock('electron', () => ({ protocol: {} }));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-files-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('SettingsStore', () => {
  test('remembers between starts and keeps the good part of a damaged file', () => {
    const file = join(folder, 'deep/settings.json');
    const settings = new SettingsStore(file);
    settings.rememberScene('/a/x.ply');
    settings.rememberScene('/a/y.ply');
    settings.rememberScene('/a/x.ply');
    expect(new SettingsStore(file).get()).toMatchObject({ recentScenes: ['/a/x.ply', '/a/y.ply'], lastFolder: '/a' });
    writeFileSync(file, JSON.stringify({ recentScenes: ['/a/x.ply'], view: { fovYDegrees: 'wide' }, graphics: 7 }));
    const mended = new SettingsStore(file).get();
    expect(mended.recentScenes).toEqual(['/a/x.ply']);
    expect(mended.view.fovYDegrees).toBe(50);
    expect(mended.graphics.mode).toBe('default');
    // An older version knew fewer choices; a bad one does not cost the others.
    writeFileSync(
      file,
      JSON.stringify({ view: { fovYDegrees: 70, upAxis: 'z', showGrid: true, showAxes: false, dockWidth: -1 } }),
    );
    expect(new SettingsStore(file).get().view).toMatchObject({
      fovYDegrees: 70,
      showGrid: true,
      theme: 'dark',
      zoomPercent: 100,
      dockWidth: 360,
      openPanel: '',
      hintDismissed: false,
    });
  });

  test.each(['{ not json', 'null', '', '[]', '[{}]', '7', '"text"'])(
    'backs up a damaged file (%j) before it is written over',
    (text) => {
      const file = put('settings.json', text);
      const warn = vi.fn();
      const settings = new SettingsStore(file, warn);
      expect(settings.get().recentScenes).toEqual([]);
      // Who only reads, like the command line, leaves the file as it is.
      expect(readdirSync(folder)).toEqual(['settings.json']);
      settings.rememberScene('/a/x.ply');
      settings.rememberScene('/a/y.ply');
      expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text);
      expect(new SettingsStore(file).get().recentScenes).toEqual(['/a/y.ply', '/a/x.ply']);
      expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('was damaged and is backed up as'));
    },
  );

  test('removes what a start that ended in the middle left of the file', () => {
    put(temporaryName(0x7fff_ffff), 'half');
    new SettingsStore(join(folder, 'settings.json')).rememberScene('/a/x.ply');
    expect(readdirSync(folder)).toEqual(['settings.json']);
  });

  test('writes nothing over a file that can not be read', () => {
    // A folder stands for it, whoever runs the tests.
    const file = join(folder, 'settings.json');
    mkdirSync(file);
    const warn = vi.fn();
    const settings = new SettingsStore(file, warn);
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('settings.json could not be read: it is a folder.'),
    );
    rmSync(file, { recursive: true });
    put('settings.json', '{"recentScenes":["/mine.ply"]}');
    expect(() => settings.update({ recentScenes: [] })).toThrow(expect.objectContaining({ code: 'io' }));
    settings.rememberScene('/a/x.ply');
    expect(settings.get().recentScenes).toEqual(['/a/x.ply']);
    expect(new SettingsStore(file).get().recentScenes).toEqual(['/mine.ply']);
  });
});
