/**
 * Whether an adapter computes on the CPU (SwiftShader, llvmpipe, WARP), which is slower than the CPU backends of the
 * network.
 * Older Chromiums say so on the adapter, newer ones on its info, and some only by name.
 */
export function isSoftwareAdapter(adapter: GPUAdapter): boolean {
  const reported =
    (adapter.info as { isFallbackAdapter?: boolean }).isFallbackAdapter ??
    (adapter as { isFallbackAdapter?: boolean }).isFallbackAdapter;
  return reported === true || isSoftwareInfo(adapter.info);
}

/** Whether an adapter's info names one that computes on the CPU. */
export function isSoftwareInfo(info: GPUAdapterInfo): boolean {
  return (
    (info as { isFallbackAdapter?: boolean }).isFallbackAdapter === true ||
    /swiftshader|lavapipe|llvmpipe|basic render/i.test(`${info.architecture} ${info.description}`)
  );
}
