import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchCamera } from '../../../renderer/bench/bench-adapter.ts';
import { main as writeSurface } from '../table/surface.ts';
import { writePicture } from '../../gpu/png.ts';
import { coloursOf, psnr } from '../../gpu/psnr.ts';
import { PeerBrowser } from './browser.ts';
import type { Drawing, PeerPage } from './browser.ts';
import { installPlayCanvas, PLAYCANVAS_VERSION } from './playcanvas.ts';
import { serve } from '../../serve.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SIZES = ['10000', '100000', '300000', '1000000'];
const ROUNDS = 3;
/** Bytes of scenes that a round draws, so that every size takes about as long, and the least and most frames. */
const ROUND_BYTES = 200e6;
const [FEWEST, MOST] = [2, 20];
/** Pictures of one view by two renderers that round and cut off differently are further apart than exact ones. */
const SAME_VIEW_DB = 20;

/** A column of the table: how a page draws. */
interface Contender {
  readonly name: string;
  readonly page: PeerPage;
  readonly drawing: Drawing;
}

interface Options {
  readonly pictures?: string;
  readonly webgpu: boolean;
  /** From the axis around which the camera goes, where generated surfaces have a radius of about 1. */
  readonly distance: number;
}

/** Measures a frame and loading of each scene beside PlayCanvas and prints a table. */
export async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      pictures: { type: 'string' },
      webgpu: { type: 'boolean', default: false },
      distance: { type: 'string', default: '3' },
    },
  });
  const distance = Number(values.distance);
  if (!(distance > 0)) throw new Error('--distance takes a number above 0.');
  if (values.pictures !== undefined) await mkdir(values.pictures, { recursive: true });
  const engine = await installPlayCanvas(join(ROOT, '.cache/peers'));
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-peers-'));
  const scenes = new Map<string, string>();
  const server = await serve((path) => scenes.get(path) ?? fileOf(path, engine));
  try {
    write(`PlayCanvas ${PLAYCANVAS_VERSION}; ${cpus()[0].model}, ${cpus().length} cores, load ${load()}.`);
    for (const scene of positionals.length > 0 ? positionals : SIZES) {
      const path = /^\d+$/.test(scene) ? join(folder, `${scene}.ply`) : scene;
      if (path !== scene) await writeSurface([scene, path]);
      scenes.set('/scene.ply', path);
      await compare(server.address, path, { ...values, distance });
      if (path !== scene) await rm(path);
    }
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

function fileOf(path: string, engine: string): string {
  if (path === '/peers/playcanvas.mjs') return engine;
  return path.startsWith('/peers/')
    ? join(import.meta.dirname, path.slice('/peers/'.length))
    : join(ROOT, 'dist/page', path);
}

/** Measures one scene in a browser of its own, each contender in turn, and prints its rows. */
async function compare(address: string, path: string, options: Options): Promise<void> {
  const name = basename(path, '.ply');
  const browser = await PeerBrowser.launch();
  try {
    const url = `${address}/scene.ply`;
    const loading: string[] = [];
    const cameraAt = (frame: number): BenchCamera => cameraOf(frame, options.distance);
    const open = async (label: string, document: string): Promise<PeerPage> => {
      const page = await browser.open(`${address}/${document}`);
      loading.push(`${label} ${(await browser.measure(() => page.load(url, cameraAt(0)))).toFixed(1)} s`);
      return page;
    };
    const ours = await open('this project', 'bench.html');
    const webgl = await open('WebGL2', 'peers/playcanvas.html');
    const contenders: Contender[] = [
      { name: 'this project', page: ours, drawing: 'renderFrame' },
      { name: 'WebGL2, earlier order', page: webgl, drawing: 'stale' },
      { name: 'WebGL2, right order', page: webgl, drawing: 'renderFrame' },
    ];
    if (options.webgpu) {
      const page = await open('WebGPU', 'peers/playcanvas.html?api=webgpu');
      contenders.push({ name: 'WebGPU', page, drawing: 'stale' });
    }
    write(`\n${name}: ${await browser.versions()}; processor time of loading: ${loading.join(', ')}.`);
    const { size } = await stat(path);
    const frames = Math.min(MOST, Math.max(FEWEST, Math.round(ROUND_BYTES / size)));
    const end = (ROUNDS + 1) * frames;
    const rounds = await race(browser, contenders, frames, cameraAt);
    const apart: string[] = ['', ...(await comparePictures(contenders, [end, end + 1].map(cameraAt), options, name))];
    printTable(contenders, rounds, apart);
    write(`${frames} frames a round, load ${load()}`);
  } finally {
    await browser.close();
  }
}

/** Milliseconds of processor time a frame, of each contender in each round; the camera moves with every frame. */
async function race(
  browser: PeerBrowser,
  contenders: readonly Contender[],
  frames: number,
  cameraAt: (frame: number) => BenchCamera,
): Promise<number[][]> {
  const rounds: number[][] = contenders.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, { page, drawing }] of contenders.entries()) {
      const cameras = Array.from({ length: frames }, (_, frame) => cameraAt(1 + round * frames + frame));
      const seconds = await browser.measure(() => page.draw(drawing, cameras));
      // The first round makes what the others use.
      if (round > 0) rounds[index].push((1000 * seconds) / frames);
    }
  }
  return rounds;
}

/**
 * How far a frame, drawn after the one before, is from the first contender's, in dB, for each of the others.
 * @throws Error where they don't show the same view
 */
async function comparePictures(
  contenders: readonly Contender[],
  [before, camera]: readonly BenchCamera[],
  { pictures }: Options,
  scene: string,
): Promise<string[]> {
  const floats: Float32Array[] = [];
  for (const { name, page, drawing } of contenders) {
    await page.draw(drawing, [before]);
    const { width, height, data } = await page.pixels(drawing, camera);
    floats.push(Float32Array.from(data, (value) => value / 255));
    if (pictures !== undefined) writePicture(join(pictures, `${scene} ${name}.png`), floats.at(-1)!, width, height);
  }
  const expected = coloursOf(floats[0]);
  return floats.slice(1).map((picture, i) => {
    const apart = psnr(picture, expected);
    if (apart > SAME_VIEW_DB) return `${apart.toFixed(1)} dB`;
    throw new Error(`${scene}: ${contenders[i + 1].name} shows another view (${apart.toFixed(1)} dB).`);
  });
}

function printTable(
  contenders: readonly Contender[],
  rounds: readonly (readonly number[])[],
  apart: readonly string[],
): void {
  const [ours] = rounds.map((values) => Math.min(...values));
  write('| | ms a frame, least | ratio | rounds | picture |\n|---|---|---|---|---|');
  for (const [index, { name }] of contenders.entries()) {
    const least = Math.min(...rounds[index]);
    const all = rounds[index].map((value) => value.toFixed(0)).join(' ');
    write(`| ${name} | ${least.toFixed(0)} | ${(ours / least).toFixed(2)} | ${all} | ${apart[index]} |`);
  }
}

/** The camera of a frame: it goes around the generated surface, a degree a frame. */
function cameraOf(frame: number, distance: number): BenchCamera {
  const angle = (Math.PI / 180) * frame;
  const position = [distance * Math.cos(angle), distance * Math.sin(angle), distance / 3] as const;
  return { position, target: [0, 0, 0], up: [0, 0, 1], fovY: 45 };
}

function load(): string {
  return loadavg()[0].toFixed(0);
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
