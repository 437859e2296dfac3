// node test/bench/peers.mjs [--webgpu] [--distance 3] [--pictures FOLDER] [SPLATS|SCENE.ply…]: prints what a frame and
// loading cost beside PlayCanvas, in the same browser in turn. Linux only: processor time is read from /proc.
import { runWithApp } from '../with-app.mjs';

await runWithApp('bench/peers/main.ts');
