import { defineConfig } from '@playwright/test';

/** The real app on a real (software) WebGPU device: slow, so one at a time and with generous limits. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 90_000 },
  reporter: 'line',
});
