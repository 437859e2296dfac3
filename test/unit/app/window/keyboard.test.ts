import { describe, expect, test } from 'vitest';
import { commandOfKey } from '../../../../renderer/app/window/keyboard.ts';

/** The command of a key that writes `key` at the place `code`. */
function commandAt(key: string, code: string, { shift = false, altGraph = false } = {}): string | undefined {
  return commandOfKey({ key, code, shiftKey: shift, getModifierState: (name) => name === 'AltGraph' && altGraph })?.id;
}

describe('the command of a key', () => {
  test('is found by what it writes', () => {
    expect(commandAt('b', 'KeyB')).toBe('refine.compare');
    expect(commandAt('B', 'KeyB', { shift: true })).toBe('refine.compare');
    expect(commandAt('?', 'Slash', { shift: true })).toBe('help.keys');
    expect(commandAt('w', 'KeyW')).toBeUndefined();
  });

  test('is found by place for digits above the letters, which AZERTY writes with Shift', () => {
    expect(commandAt('1', 'Digit1')).toBe('view.elevation0');
    expect(commandAt('&', 'Digit1')).toBe('view.elevation0');
    expect(commandAt('(', 'Digit5')).toBe('view.elevation89');
    expect(commandAt('_', 'Digit8')).toBeUndefined();
  });

  test('of the number pad is a digit only while it writes one', () => {
    expect(commandAt('2', 'Numpad2')).toBe('view.elevation45');
    expect(commandAt('ArrowDown', 'Numpad2')).toBeUndefined();
  });

  test('is found for brackets that need AltGr, and for nothing else with it', () => {
    expect(commandAt('[', 'Digit8', { altGraph: true })).toBe('view.narrower');
    expect(commandAt('[', 'Digit5', { altGraph: true })).toBe('view.narrower');
    expect(commandAt(']', 'Minus', { altGraph: true })).toBe('view.wider');
    expect(commandAt('\\', 'Minus', { altGraph: true })).toBe('compare.turn');
    expect(commandAt('~', 'Digit2', { altGraph: true })).toBeUndefined();
    expect(commandAt('f', 'KeyF', { altGraph: true })).toBeUndefined();
  });
});
