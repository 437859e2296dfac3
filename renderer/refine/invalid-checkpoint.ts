import { SplatError } from '../core/errors.ts';

/** What zip, pickle and tensors of a checkpoint have in common when they are not as they should be. */
export function invalidCheckpoint(reason: string): SplatError {
  return new SplatError(
    'model-invalid',
    `The checkpoint can't be read: ${reason}.`,
    'Get the file anew, or choose another .pth file of SplatFormer or AnchorSplat.',
  );
}
