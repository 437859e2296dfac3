// npm run bench [-- SPLATS|SCENE…]: frame, load, convert, refine and memory, each in a process of its own, as a table
// for people. Scenes are generated surfaces of SH degree 3 (10k to 1M splats where none is named), or files. Nothing
// asserts a time.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { setUpElectron } from '../../scripts/setup.mjs';
import { main } from '../../scripts/setup/main.mjs';
import { ROOT } from '../../scripts/setup/process.mjs';
import { softwareVulkan } from '../../scripts/setup/software-vulkan.mjs';

const SIZES = ['10000', '100000', '300000', '1000000'];
const COLUMNS = [
  'scene',
  'splats',
  'frame',
  'growth',
  'agreement',
  'upload',
  'load',
  'peak',
  'convert',
  'peak',
  'refine',
  'of it network',
  'peak',
];

await main(async () => {
  const { stop } = await setUpElectron({ display: false });
  const folder = mkdtempSync(join(tmpdir(), 'splatformer-bench-'));
  try {
    const named = process.argv.slice(2);
    print(named.length > 0 ? named : SIZES, folder);
  } finally {
    rmSync(folder, { recursive: true });
    await stop();
  }
});

function print(scenes, folder) {
  const versions = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { length } = cpus();
  let before;
  for (const scene of scenes) {
    const path = /^\d+$/.test(scene) ? generate(scene, folder) : scene;
    const load = measure('load', path);
    const convert = measure('convert', path, join(folder, 'converted.ply'));
    rmSync(join(folder, 'converted.ply'));
    const frame = measure('frame', path);
    const refine = measure('refine', path);
    if (before === undefined) {
      write(
        `${frame.device}; ${cpus()[0].model}, ${length} cores, ${gigabytes(totalmem())}; ` +
          `Node ${process.versions.node}, ` +
          `onnxruntime-node ${versions.dependencies['onnxruntime-node']}, webgpu ${versions.devDependencies.webgpu}; ` +
          `${frame.bytesOnDevice} bytes a splat on the device. ` +
          'Times: of the wall (of all processors).',
      );
      write(`\n| ${COLUMNS.join(' | ')} |\n|${COLUMNS.map(() => '---|').join('')}`);
    }
    const growth = before === undefined ? '' : `${(frame.processors / before).toFixed(1)} x`;
    before = frame.processors;
    const agreement = typeof frame.agreement === 'number' ? `${frame.agreement.toFixed(1)} dB` : frame.agreement;
    const cells = [
      path === scene ? basename(scene) : 'generated',
      load.splats.toLocaleString('en'),
      seconds(frame),
      growth,
      agreement,
      `${frame.upload.toFixed(2)} s`,
      seconds(load),
      `${gigabytes(load.peak)}, file ${gigabytes(statSync(path).size)}`,
      seconds(convert),
      gigabytes(convert.peak),
      seconds(refine),
      seconds({ wall: refine.networkWall, processors: refine.networkProcessors }),
      gigabytes(refine.peak),
    ];
    write(`| ${cells.join(' | ')} |`);
    if (path !== scene) rmSync(path);
  }
}

function generate(splats, folder) {
  const path = join(folder, `${splats}.ply`);
  bench('surface', splats, path);
  return path;
}

function measure(name, ...args) {
  return JSON.parse(
    bench(name, ...args)
      .trim()
      .split('\n')
      .at(-1),
  );
}

/** Runs a bench of the folder `table`; returns what it printed. */
function bench(name, ...args) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'run.mjs'), `table/${name}`, ...args],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...softwareVulkan(), OMP_WAIT_POLICY: 'passive' },
    },
  );
  if (status !== 0) throw new Error(`${name} of ${args[0]} failed.`);
  return stdout;
}

function seconds({ wall, processors }) {
  return `${wall.toFixed(2)} s (${processors.toFixed(2)})`;
}

function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

function write(line) {
  process.stdout.write(`${line}\n`);
}
