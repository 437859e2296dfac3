// Programs beside the tests are written in TypeScript and loaded as the app's bundler reads it.
import { join } from 'node:path';
import { createServer } from 'vite';

/** Loads a module of this folder (`bench/app.ts`), hands it to `use`, and resolves with what that resolves with. */
export async function withTypeScript(file, use) {
  const server = await createServer({
    configFile: false,
    root: join(import.meta.dirname, '..'),
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, hmr: false, watch: null, ws: false },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  try {
    return await use(await server.ssrLoadModule(join(import.meta.dirname, file)));
  } finally {
    await server.close();
  }
}
