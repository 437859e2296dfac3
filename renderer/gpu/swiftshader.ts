import { isSoftwareInfo } from '../core/software-adapter.ts';

const adapters = new WeakMap<GPUDevice, GPUAdapterInfo>();

/** Remembers which adapter a device came from: Chromium before 135 says so on the adapter alone. */
export function rememberAdapter(device: GPUDevice, info: GPUAdapterInfo): void {
  adapters.set(device, info);
}

/** Whether the device computes on the CPU. */
export function isSoftwareDevice(device: GPUDevice): boolean {
  const info = device.adapterInfo ?? adapters.get(device);
  return info !== undefined && isSoftwareInfo(info);
}

/**
 * Whether the device is SwiftShader, a processor that plays a graphics card: what is fast there is not what is fast on
 * cards. Other software devices take the portable paths, for nothing was measured on them.
 */
export function isSwiftShader(device: GPUDevice): boolean {
  return (device.adapterInfo ?? adapters.get(device))?.architecture === 'swiftshader';
}
