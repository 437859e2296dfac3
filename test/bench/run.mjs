// node test/bench/run.mjs [frames] [splats…]: the renderer's benchmark (no test: it asserts no time).
import { createServer } from 'vite';

const [frames = '5', ...counts] = process.argv.slice(2);
const server = await createServer({ configFile: false, server: { middlewareMode: true, ws: false, watch: null }, appType: 'custom', optimizeDeps: { noDiscovery: true }, logLevel: 'error' });
const { run } = await server.ssrLoadModule('/test/bench/renderer.ts');
await run(counts.length > 0 ? counts.map(Number) : [100_000, 1_000_000], Number(frames));
await server.close();
process.exit(0);
