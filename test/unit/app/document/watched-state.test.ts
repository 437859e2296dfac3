import { expect, it } from 'vitest';
import { WatchedState } from '../../../../renderer/app/document/watched-state.ts';

interface State {
  readonly file: string;
  readonly up: string;
}

it('tells all of the same changes in the same order, also of those that a listener makes', () => {
  const state = new WatchedState<State>({ file: '', up: 'z' });
  const seen: string[][] = [[], []];
  const tell = (who: number) => (now: State, before: State) => {
    if (now !== before) seen[who].push(`${before.file}${before.up} ${now.file}${now.up}`);
  };
  state.watch(tell(0));
  state.watch((now, before) => {
    if (now.file !== before.file) state.update({ up: '-y' });
  });
  state.watch(tell(1));
  state.update({ file: 'a' });
  expect(state.state).toEqual({ file: 'a', up: '-y' });
  expect(seen[0]).toEqual(['z az', 'az a-y']);
  expect(seen[1]).toEqual(seen[0]);
});

it('goes on telling after a listener has failed', () => {
  const state = new WatchedState<State>({ file: '', up: 'z' });
  const seen: string[] = [];
  let fails = true;
  state.watch((now, before) => {
    if (now === before) return;
    seen.push(now.file);
    if (fails) throw new Error('no');
  });
  expect(() => state.update({ file: 'a' })).toThrow('no');
  fails = false;
  state.update({ file: 'b' });
  expect(seen).toEqual(['a', 'b']);
});
