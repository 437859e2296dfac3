import { expect, it } from 'vitest';
import {
  SELF_TEST_START,
  finishSelfTest,
  selfTestInModes,
  selfTestJob,
  selfTestModes,
} from '../../../../electron/start/self-test.ts';
import { renderJobSchema } from '../../../../renderer/bridge/jobs.ts';

const speckled = new Uint8Array(4 * 64 * 64).fill(255);
speckled[100] = 7;

it('a self-test ends with 0 or 1, whatever its modes end with', async () => {
  const modes = async (...codes: (number | null)[]): Promise<readonly [number, string[], string[]]> => {
    const [tried, said]: [string[], string[]] = [[], []];
    const start = async (mode: string): Promise<number | null> => codes[tried.push(mode) - 1];
    const code = await selfTestInModes(['default', 'software'], start, (line) => void said.push(line));
    return [code, tried, said];
  };
  const none = 'default graphics: no adapter on this machine';
  expect(await modes(0)).toEqual([0, ['default'], ['default graphics: ok']]);
  expect(await modes(75, 0)).toEqual([0, ['default', 'software'], [none, 'software graphics: ok']]);
  const neither = [none, 'software graphics: no adapter on this machine'];
  expect(await modes(75, 75)).toEqual([1, ['default', 'software'], neither]);
  expect(await modes(1)).toEqual([1, ['default'], ['default graphics: failed']]);
  expect(await modes(null)).toEqual([1, ['default'], ['default graphics: failed']]);
});

it('tries the mode that is named, or its own, and a start that tries one for it tries no others', () => {
  expect(selfTestModes(['app', '--self-test'], {})).toEqual(['default', 'software']);
  expect(selfTestModes(['app', '--self-test', '--graphics=x11-vulkan'], {})).toEqual(['x11-vulkan']);
  expect(selfTestModes(['app', '--self-test', '--graphics=default'], { [SELF_TEST_START]: 'default' })).toBeUndefined();
  expect(selfTestModes(['app', '--graphics=default'], {})).toBeUndefined();
});

it('its picture is a job as any other', () => {
  expect(renderJobSchema.safeParse(selfTestJob('/a.ply', '/b.png')).success).toBe(true);
});

it('an empty picture and a model that fails are failures', async () => {
  const say = (): void => undefined;
  const refine = async ({ count }: { count: number }): Promise<number> => count;
  await expect(finishSelfTest({ readPicture: () => speckled, refine, say })).resolves.toBeUndefined();
  const empty = new Uint8Array(4 * 64 * 64).fill(255);
  await expect(finishSelfTest({ readPicture: () => empty, refine, say })).rejects.toThrow('empty');
  await expect(finishSelfTest({ readPicture: () => new Uint8Array(0), refine, say })).rejects.toThrow('empty');
  await expect(finishSelfTest({ readPicture: () => speckled, refine: async () => 1, say })).rejects.toThrow('another');
});
