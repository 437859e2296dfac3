import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';
import { renderGuide } from './scripts/guide.mjs';
import { softwareVulkan } from './scripts/setup/software-vulkan.mjs';

const root = import.meta.dirname;
const underTest = process.env['VITEST'] !== undefined;
// The variables must be set before the test processes start.
if (underTest) Object.assign(process.env, softwareVulkan());

/** How long each plugin took is of no use to those who only start the app. */
const CHECKS = { pluginTimings: false };

/** Modules of Node are left as they are named: the library that asks for them does so in Node alone. */
const PAGE_OPTIONS = { external: [/^node:/], checks: CHECKS };

/** Starts the endurance tests first, whose minute and a half would otherwise come after all others are done. */
class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): number => Number(moduleId.includes('endurance'));
    return (await super.sort(files)).sort((a, b) => isLong(b) - isLong(a));
  }
}

/**
 * Builds four bundles: the page, Electron's Node code, the preload script and the command line.
 * Node code keeps its node_modules outside the bundle; the page carries everything.
 */
export default defineConfig({
  root: underTest ? root : join(root, 'renderer'),
  base: './',
  publicDir: false,
  plugins: [webpAddress(), guide()],
  worker: { format: 'es', rolldownOptions: PAGE_OPTIONS, plugins: () => [webpAddress()] },
  // Lit's own styleMap breaks the page's content security policy.
  resolve: { alias: { 'lit/directives/style-map.js': join(root, 'renderer/app/ui/style-map.ts') } },
  // The app:// protocol is the page's only origin, so nothing gains from preload hints or inlined assets.
  build: {
    target: 'chrome130',
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
  },
  // Under test they would only make vitest transform whole libraries.
  environments: underTest
    ? {}
    : {
        client: {
          build: {
            outDir: join(root, 'dist/page'),
            emptyOutDir: true,
            sourcemap: true,
            rolldownOptions: { ...PAGE_OPTIONS, input: pages('index', 'bench') },
          },
        },
        electron: {
          consumer: 'server',
          resolve: { external: ['electron'], conditions: ['node'] },
          build: nodeBundle('dist/electron', {
            entry: 'electron/entry.ts',
            'batch-process': 'electron/processes/batch-process.ts',
            ...(existsSync(join(root, 'electron/processes/inference-process.ts'))
              ? { 'inference-process': 'electron/processes/inference-process.ts' }
              : {}),
          }),
        },
        preload: {
          consumer: 'server',
          resolve: { external: ['electron'], noExternal: true },
          build: {
            ...nodeBundle('dist/preload', { preload: 'electron/preload.ts' }),
            // A sandboxed preload must be one CommonJS file.
            rolldownOptions: {
              checks: CHECKS,
              input: { preload: join(root, 'electron/preload.ts') },
              external: ['electron'],
              output: { format: 'cjs' as const, entryFileNames: '[name].cjs' },
            },
          },
        },
        cli: {
          consumer: 'server',
          resolve: { external: ['electron'] },
          build: nodeBundle('dist/cli', { cli: 'electron/cli.ts' }),
        },
      },
  builder: {
    async buildApp(builder) {
      for (const [name, environment] of Object.entries(builder.environments)) {
        if (name !== 'ssr') await builder.build(environment);
      }
    },
  },
  test: {
    pool: 'forks',
    env: { OMP_WAIT_POLICY: 'passive' },
    sequence: { sequencer: LongFilesFirst },
    // Software rendering and inference saturate small machines: one file at a time keeps their time limits honest.
    projects: [project('unit', 60_000, 2), project('gpu', 180_000, 1), project('parity', 300_000, 1)],
  },
});

/** The library looks for this file beside itself; the scene worker tells it where the file is: vite need not know. */
function webpAddress(): Plugin {
  return {
    name: 'webp-address',
    enforce: 'pre',
    transform: {
      filter: { id: /splat-transform\/dist\/index\.mjs$/ },
      handler: (code) => ({
        code: code.replace(
          'new URL("webp.wasm",import.meta.url)',
          'new URL(/* @vite-ignore */"webp.wasm",import.meta.url)',
        ),
        map: null,
      }),
    },
  };
}

/** Turns `docs/guide.md` into the HTML of its sections, so that the page carries the guide and no parser. */
function guide(): Plugin {
  return {
    name: 'guide',
    enforce: 'pre',
    transform: {
      filter: { id: /docs\/guide\.md$/ },
      handler: (markdown) => ({ code: `export default ${JSON.stringify(renderGuide(markdown))};`, map: null }),
    },
  };
}

/** @param maxWorkers files that run at a time */
function project(name: string, testTimeout: number, maxWorkers: number) {
  return {
    extends: true as const,
    test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout, maxWorkers },
  };
}

/** The app's page, and the one by which other programs measure its renderer. */
function pages(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, join(root, 'renderer', `${name}.html`)]));
}

function nodeBundle(outDir: string, input: Record<string, string>) {
  const entries = Object.fromEntries(Object.entries(input).map(([name, path]) => [name, join(root, path)]));
  return {
    ssr: true,
    outDir: join(root, outDir),
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      checks: CHECKS,
      input: entries,
      external: ['electron'],
      output: { format: 'es' as const, entryFileNames: '[name].js' },
    },
  };
}
