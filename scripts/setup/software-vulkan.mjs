// Dawn (npm webgpu) loads the system's Vulkan. Where there is none, Electron's own loader and SwiftShader serve.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './process.mjs';

/**
 * Returns the variables by which a process that is yet to start finds a software Vulkan; none where the environment
 * chose one, where the system has its own loader's drivers alone, or where no Electron is at hand.
 */
export function softwareVulkan() {
  if (process.env.VK_ICD_FILENAMES !== undefined || process.platform !== 'linux') return {};
  const folders = [
    process.env.ELECTRON_OVERRIDE_DIST_PATH,
    join(ROOT, '.cache/electron-dist'),
    join(ROOT, 'node_modules/electron/dist'),
    '/usr/lib/chromium',
  ];
  const dist = folders.find((folder) => folder !== undefined && existsSync(join(folder, 'vk_swiftshader_icd.json')));
  if (dist === undefined) return {};
  return {
    VK_ICD_FILENAMES: join(dist, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: [dist, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  };
}
