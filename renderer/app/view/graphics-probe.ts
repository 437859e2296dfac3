import { isSoftwareAdapter } from '../../core/software-adapter.ts';
import type { GraphicsReport } from '../../bridge/window.ts';

/** Asks for a WebGPU adapter and says what came, in words. Never throws. */
export async function probeGraphics(): Promise<GraphicsReport> {
  if (navigator.gpu === undefined)
    return { usable: false, description: 'This Chromium has no WebGPU.', isSoftware: false };
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) return { usable: false, description: 'WebGPU found no adapter.', isSoftware: false };
    return { usable: true, description: describeAdapter(adapter.info), isSoftware: isSoftwareAdapter(adapter) };
  } catch (error) {
    return {
      usable: false,
      description: `WebGPU failed: ${error instanceof Error ? error.message : String(error)}`,
      isSoftware: false,
    };
  }
}

/** Chromium names its adapters sparsely; what is there is put in one line. */
export function describeAdapter(info: GPUAdapterInfo): string {
  const parts = [info.description || info.device, info.vendor, info.architecture].filter((part) => part !== '');
  return parts.length > 0 ? [...new Set(parts)].join(' ') : 'unnamed adapter';
}
