import { expect, it } from 'vitest';
import { SplatError } from '../../../renderer/core/errors.ts';
import { portOf, sourceFromPort } from '../../../renderer/workers/file-port.ts';

it('hands over the parts that are asked for, and no more than the file has', async () => {
  const read = (offset: number, length: number) => Promise.resolve(Uint8Array.from({ length }, (_, i) => offset + i));
  const { served, close } = portOf({ size: 10, read });
  const source = sourceFromPort('a.ply', served);
  expect(source).toMatchObject({ name: 'a.ply', size: 10 });
  const [one, other, end] = await Promise.all([source.read(2, 3), source.read(0, 1), source.read(8, 100)]);
  expect([[...one], [...other], [...end]]).toEqual([[2, 3, 4], [0], [8, 9]]);
  close();
});

it('tells why a part could not be read', async () => {
  const read = () => Promise.reject(new SplatError('io', 'The disk is gone.'));
  const { served, close } = portOf({ size: 10, read });
  await expect(sourceFromPort('a.ply', served).read(0, 1)).rejects.toMatchObject({
    code: 'io',
    message: 'The disk is gone.',
  });
  close();
});
