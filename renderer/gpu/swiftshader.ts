/**
 * Whether the device is SwiftShader, a processor that plays a graphics card: what is fast there is not what is fast on
 * cards. Other software devices take the portable paths, for nothing was measured on them.
 */
export function isSwiftShader(device: GPUDevice): boolean {
  return device.adapterInfo?.architecture === 'swiftshader';
}
