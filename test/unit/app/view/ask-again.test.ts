import { expect, it } from 'vitest';
import { askAgain, WAITS_SECONDS } from '../../../../renderer/app/view/ask-again.ts';

const failing = (times: number) => {
  let left = times;
  return (): Promise<void> => (left-- > 0 ? Promise.reject(new Error('no adapter')) : Promise.resolve());
};

it('asks for minutes, and stops once it is given', async () => {
  const slept: number[] = [];
  const said: unknown[] = [];
  const sleep = (seconds: number): Promise<void> => Promise.resolve(void slept.push(seconds));
  await askAgain(failing(5), 0, (error) => said.push(error), sleep);
  expect(slept).toEqual(WAITS_SECONDS.slice(0, 6));
  expect(said).toHaveLength(5);
  expect(WAITS_SECONDS.reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThan(180);
});

it('waits first where the last answer did not last, and gives up with what the last try said', async () => {
  const slept: number[] = [];
  const sleep = (seconds: number): Promise<void> => Promise.resolve(void slept.push(seconds));
  await askAgain(failing(0), 3, () => undefined, sleep);
  expect(slept).toEqual([WAITS_SECONDS[3]]);
  await expect(askAgain(failing(99), 40, () => undefined, sleep)).rejects.toThrow('no adapter');
});
