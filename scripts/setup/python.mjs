// Python for models/training: an environment of its own in .cache/python, made only when asked for, since PyTorch is
// large.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { main } from './main.mjs';
import { ROOT, SetUpError, isEntry, say } from './process.mjs';
import { run } from './programs.mjs';

const FOLDER = join(ROOT, '.cache', 'python');
const PYTHON = process.platform === 'win32' ? join(FOLDER, 'Scripts', 'python.exe') : join(FOLDER, 'bin', 'python');
const REQUIREMENTS = ['requirements.txt', 'requirements-dev.txt'].map((name) => join(ROOT, 'models', 'training', name));

/** The Python that has the training's packages, or why there is none. SPLATFORMER_PYTHON names another one. */
export function findTrainingPython() {
  const chosen = process.env.SPLATFORMER_PYTHON ?? PYTHON;
  const probe = spawnSync(chosen, ['-c', 'import matplotlib, numpy, PIL, pytest, torch'], { encoding: 'utf8' });
  if (probe.status === 0) return { python: chosen };
  return {
    missing:
      'the Python packages of models/training are not installed; ' +
      'node scripts/setup/python.mjs brings them (some 200 MB to 3 GB, as the system has it)',
  };
}

/** Makes the environment where there is none; pip brings what its pinned lists have and it lacks. */
async function ensureTrainingPython() {
  const { python } = findTrainingPython();
  if (python !== undefined && python !== PYTHON) return;
  const system = ['python3', 'python'].find(
    (name) => spawnSync(name, ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']).status === 0,
  );
  if (system === undefined)
    throw new SetUpError(
      'Training needs Python 3.11 or newer with its venv module. Install it and run the command again.',
    );
  if (spawnSync('g++', ['--version']).status !== 0)
    throw new SetUpError('Training needs the compiler g++ (12 or newer). Install it and run the command again.');
  if (python === undefined) say('Making the Python environment of models/training…');
  if (!existsSync(PYTHON) && (await run(system, ['-m', 'venv', FOLDER])) !== 0)
    throw new SetUpError('The Python environment could not be made (its message is above).');
  const lists = REQUIREMENTS.flatMap((file) => ['-r', file]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...lists];
  if ((await run(PYTHON, install)) !== 0) {
    throw new SetUpError(
      'pip could not install the Python packages (its message is above). Check the network and run the command again.',
    );
  }
}

if (isEntry(import.meta.url)) await main(ensureTrainingPython);
