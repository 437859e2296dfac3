// node scripts/check-python.mjs: lint, layout and types of models/training, Python and C++.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ROOT, runSync } from './setup/process.mjs';
import { findTrainingPython } from './setup/python.mjs';

const TRAINING = join(ROOT, 'models', 'training');
const NATIVE = join(TRAINING, 'native');

/** The programs, each with its arguments, in the order in which they run. */
function checks(python) {
  const sources = readdirSync(NATIVE).filter((name) => /\.[ch]pp$/.test(name));
  return [
    ['ruff', ['check', '--quiet', TRAINING]],
    ['ruff', ['format', '--check', '--quiet', TRAINING]],
    ['clang-format', ['--dry-run', '-Werror', ...sources.map((name) => join(NATIVE, name))]],
    ['npx', ['--no-install', 'pyright', '--project', TRAINING, '--pythonpath', python]],
  ];
}

/** @returns the exit code: 0 where every check passed */
function check() {
  const { python, missing } = findTrainingPython();
  if (python === undefined) {
    process.stderr.write(`Python was not checked: ${missing}.\n`);
    return 1;
  }
  const executable = spawnSync(python, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();
  // The tools lie beside the interpreter that they were installed with.
  const env = { ...process.env, PATH: [dirname(executable), process.env.PATH].join(delimiter) };
  const failed = checks(executable).filter(([command, args]) => runSync(command, args, { env }) !== 0);
  for (const [command, args] of failed) process.stderr.write(`failed: ${command} ${args[0]}\n`);
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = check();
