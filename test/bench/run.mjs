// Runs a bench of this folder (no test: none asserts a time): node test/bench/run.mjs NAME [ARGUMENT…]
import { join } from 'node:path';
import { createServer } from 'vite';

const [name, ...args] = process.argv.slice(2);
const server = await createServer({
  configFile: false,
  root: join(import.meta.dirname, '../..'),
  appType: 'custom',
  logLevel: 'error',
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true, include: [] },
});
try {
  const { main } = await server.ssrLoadModule(join(import.meta.dirname, `${name}.ts`));
  await main(args);
} finally {
  await server.close();
}
// A GPU device would keep the process alive.
process.exit(0);
