// node scripts/check-python.mjs: lint, layout and types of models/training, Python and C++.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { main } from './setup/main.mjs';
import { ROOT, SetUpError } from './setup/process.mjs';
import { run } from './setup/programs.mjs';
import { findTrainingPython } from './setup/python.mjs';

const TRAINING = join(ROOT, 'models', 'training');
const NATIVE = join(TRAINING, 'native');
const PYRIGHT = join(ROOT, 'node_modules', 'pyright', 'index.js');

/** The programs, each with its arguments, in the order in which they run. */
function checks(python) {
  const sources = readdirSync(NATIVE).filter((name) => /\.[ch]pp$/.test(name));
  return [
    ['ruff', ['check', '--quiet', TRAINING]],
    ['ruff', ['format', '--check', '--quiet', TRAINING]],
    ['clang-format', ['--dry-run', '-Werror', ...sources.map((name) => join(NATIVE, name))]],
    [process.execPath, [PYRIGHT, '--project', TRAINING, '--pythonpath', python]],
  ];
}

/** @returns the exit code: 0 where every check passed */
async function check() {
  const { python, missing } = findTrainingPython();
  if (python === undefined) throw new SetUpError(`Python was not checked: ${missing}.`);
  const executable = spawnSync(python, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();
  // The tools lie beside the interpreter that they were installed with.
  const env = { ...process.env, PATH: [dirname(executable), process.env.PATH].join(delimiter) };
  let code = 0;
  for (const [command, args] of checks(executable)) {
    if ((await run(command, args, { env })) === 0) continue;
    process.stderr.write(`failed: ${command} ${args[0]}\n`);
    code = 1;
  }
  return code;
}

await main(check);
