// node test/bench/run-app.mjs [splats]: a large scene in the real app (no test: it asserts no time). SPLATFORMER_ELECTRON names the Electron, as in npm test.
import { createServer } from 'vite';

const [count = '1000000'] = process.argv.slice(2);
const server = await createServer({ configFile: false, server: { middlewareMode: true, ws: false, watch: null }, appType: 'custom', optimizeDeps: { noDiscovery: true }, logLevel: 'error' });
const { run } = await server.ssrLoadModule('/test/bench/app.ts');
try {
  await run(Number(count));
} finally {
  await server.close();
}
process.exit(0);
