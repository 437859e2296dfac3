import { defineConfig } from '@playwright/test';

/** The real app on a real (software) WebGPU device: slow, so one at a time and with generous limits. */
export default defineConfig({
  outputDir: 'test-results/e2e',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 90_000 },
  reporter: 'line',
  projects: [
    { name: 'e2e', testDir: 'test/e2e' },
    { name: 'packed', testDir: 'test/packed' },
  ],
});
