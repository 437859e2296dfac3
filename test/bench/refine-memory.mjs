// Memory of the built command line while it refines: node test/bench/refine-memory.mjs [--cli FILE] many|SCENE…
// `many` refines 200 copies of the sample and prints resident memory along the way; scenes are refined one by one, each
// in a process of its own, and the peak is printed with the time. Linux only: the figures come from /proc.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
const FILES = 200;
const EVERY = 20;

const { values, positionals } = parseArgs({
  options: { cli: { type: 'string', default: join(ROOT, 'dist/cli/cli.js') } },
  allowPositionals: true,
});
const folder = mkdtempSync(join(tmpdir(), 'splatformer-bench-'));
try {
  if (positionals[0] === 'many') await many();
  else for (const scene of positionals) await one(scene);
} finally {
  rmSync(folder, { recursive: true });
}

async function many() {
  const input = join(folder, 'in');
  mkdirSync(input);
  for (let i = 0; i < FILES; i++)
    copyFileSync(join(ROOT, 'test/data/scenes/sample.ply'), join(input, `${String(i).padStart(3, '0')}.ply`));
  let done = 0;
  await refine([input], (event, { resident }) => {
    if (event.event !== 'refined') return;
    done += 1;
    if (done % EVERY === 0) process.stdout.write(`${done} files: ${megabytes(resident)} resident\n`);
  });
}

async function one(scene) {
  await refine([scene], (event, { peak }) => {
    if (event.event === 'failed') throw new Error(event.error.message);
    if (event.event !== 'refined') return;
    const { splats, blocks, milliseconds } = event.report;
    process.stdout.write(
      `${scene}: ${splats} splats, ${blocks} blocks, peak ${megabytes(peak)}, ` +
        `${(milliseconds.total / 1000).toFixed(1)} s ` +
        `(plan ${(milliseconds.plan / 1000).toFixed(1)}, network ${(milliseconds.network / 1000).toFixed(1)})\n`,
    );
  });
}

/** Runs `refine` and calls back for each of its JSON lines with the memory that the process had then. */
async function refine(inputs, onEvent) {
  const child = spawn(process.execPath, [values.cli, 'refine', ...inputs, '--out-dir', join(folder, 'out')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
  });
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) onEvent(JSON.parse(line), memoryOf(child.pid));
  });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`refine ended with ${code}`);
}

/** Bytes of memory that a process holds, and the most that it ever held. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  return { resident: kibibytes('VmRSS') * 1024, peak: kibibytes('VmHWM') * 1024 };
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
