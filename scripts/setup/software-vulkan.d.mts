/** See software-vulkan.mjs. */
export function softwareVulkan(): Record<string, string>;
