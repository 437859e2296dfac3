import webpUrl from '@playcanvas/splat-transform/lib/webp.wasm?url';
import { setWebpDecoderUrl } from '../io/library.ts';
import { serveSceneTasks } from './scene-handlers.ts';

// Bundled, the decoder no longer lies where the library looks for it.
setWebpDecoderUrl(new URL(webpUrl, self.location.href).href);
serveSceneTasks(self);
