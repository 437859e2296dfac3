import { readFile } from 'node:fs/promises';
import type { ModelBytes } from '../../renderer/bridge/inference-messages.ts';
import { sidecarJson } from '../../renderer/refine/manifest.ts';
import type { ModelRegistry } from './registry.ts';

/** The shipped model as the inference process takes it. @throws what the file system says, `model-invalid` */
export async function readModelBytes(registry: Pick<ModelRegistry, 'defaultId' | 'resolve'>): Promise<ModelBytes> {
  const { checkpoint, sidecar } = await registry.resolve(registry.defaultId);
  return {
    id: checkpoint,
    name: registry.defaultId,
    bytes: new Uint8Array(await readFile(checkpoint)),
    sidecar: sidecar === undefined ? null : sidecarJson(await readFile(sidecar, 'utf8')),
  };
}
