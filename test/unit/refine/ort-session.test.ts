import { expect, it } from 'vitest';
import { ortError } from '../../../renderer/refine/ort-session.ts';

it.each([
  ['cpu', 'std::bad_alloc', 'out-of-memory', 'Close other programs, or refine a smaller scene.'],
  [
    'webgpu',
    'Failed to allocate memory for buffer',
    'out-of-memory',
    'Try the CPU as the device, or refine a smaller scene.',
  ],
  ['webgpu', 'Shader is not valid', 'gpu-error', 'Try the CPU as the device.'],
  [
    'cpu',
    'Node has no kernel',
    'model-invalid',
    'Try another model; if that runs, this checkpoint does not fit its description.',
  ],
] as const)('says what to do about a failure on the %s: %s', (kind, reason, code, advice) => {
  expect(ortError(new Error(reason), kind, 'The network')).toMatchObject({
    code,
    advice,
    message: expect.stringContaining(reason),
  });
});
