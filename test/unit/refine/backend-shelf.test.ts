import { expect, it } from 'vitest';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import { BackendShelf } from '../../../renderer/refine/backend-shelf.ts';

/**
 * A shelf of native backends that stand for graphics cards: they can be lost, and complain when they are given back.
 */
function shelfOf() {
  const said: string[] = [];
  const lose: (() => void)[] = [];
  const shelf = new BackendShelf<string>(
    async (device) => {
      const name = `${device} ${lose.length}`;
      if (device === 'none') throw new Error('There is none.');
      const lost = new Promise<void>((resolve) => lose.push(resolve));
      const dispose = () => (said.push(`disposed ${name}`), Promise.reject(new Error('It is broken.')));
      return { ...createNodeBackend({ threads: 1 }), description: name, lost, dispose };
    },
    ({ description }) => (said.push(`released ${description}`), Promise.reject(new Error('It is broken.'))),
  );
  return { shelf, said, lose };
}

it('gives a failed backend back once, and opens another for the next job', async () => {
  const { shelf, said } = shelfOf();
  const first = shelf.backendFor('card');
  expect(shelf.backendFor('card')).toBe(first);
  await shelf.drop('card', first);
  expect(said).toEqual(['released card 0', 'disposed card 0']);
  const second = await shelf.backendFor('card');
  expect(second.description).toBe('card 1');
  await shelf.drop('card', first);
  expect(said).toHaveLength(2);
  expect(await shelf.opened()).toEqual([second]);
});

it('notices a lost device between jobs', async () => {
  const { shelf, said, lose } = shelfOf();
  await shelf.backendFor('card');
  lose[0]();
  await expect.poll(() => said).toEqual(['released card 0', 'disposed card 0']);
  expect((await shelf.backendFor('card')).description).toBe('card 1');
});

it('tries again after a device that could not be opened', async () => {
  const { shelf } = shelfOf();
  const failed = shelf.backendFor('none');
  await expect(failed).rejects.toThrow('There is none.');
  expect(shelf.backendFor('none')).not.toBe(failed);
  expect(await shelf.opened()).toEqual([]);
});
