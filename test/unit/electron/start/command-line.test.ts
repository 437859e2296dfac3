import { expect, it } from 'vitest';
import { argumentsOfCommand } from '../../../../electron/start/command-line.ts';

it('a start with the switch and two dashes is a run of the command line', () => {
  expect(argumentsOfCommand(['/app', '--command-line', '--', 'info', '--json', 'a.ply'])).toEqual([
    'info',
    '--json',
    'a.ply',
  ]);
  expect(argumentsOfCommand(['/app', '--command-line', '--'])).toEqual([]);
});

it('every other start is the app', () => {
  expect(argumentsOfCommand(['/app', 'a.ply'])).toBeUndefined();
  expect(argumentsOfCommand(['/app', '--command-line', 'info'])).toBeUndefined();
  expect(argumentsOfCommand(['/app', 'a.ply', '--', '--command-line'])).toBeUndefined();
});
