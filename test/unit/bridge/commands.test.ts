import { describe, expect, test } from 'vitest';
import { COMMAND_TABLE, MENUS, isCommandId, shortcutLabel } from '../../../renderer/bridge/commands.ts';

describe('the table of commands', () => {
  test('gives every id, key and accelerator once, in a menu that exists', () => {
    for (const field of ['id', 'key', 'accelerator'] as const) {
      const values = COMMAND_TABLE.map((command) => command[field]).filter((value) => value !== undefined);
      expect(new Set(values).size).toBe(values.length);
    }
    for (const { menu } of COMMAND_TABLE) expect(MENUS).toContain(menu);
  });

  test('leaves the flying keys to the camera', () => {
    expect(COMMAND_TABLE.filter(({ key }) => key !== undefined && 'wasdqe'.includes(key))).toEqual([]);
  });

  test('writes shortcuts as people do', () => {
    expect(shortcutLabel('view.frame', 'linux')).toBe('F');
    expect(shortcutLabel('file.open', 'linux')).toBe('Ctrl+O');
    expect(shortcutLabel('file.open', 'darwin')).toBe('Cmd+O');
    expect(isCommandId('file.open')).toBe(true);
    expect(isCommandId('constructor')).toBe(false);
  });
});
