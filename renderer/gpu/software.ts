/** Whether the device is a processor that plays a graphics card: what is fast there is not what is fast on cards. */
export function isSoftwareDevice(device: GPUDevice): boolean {
  return device.adapterInfo?.architecture === 'swiftshader';
}
