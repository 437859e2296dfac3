// npm test: sets up, builds, runs every suite and closes with one line: N passed, N failed, N skipped.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { main, rootSwitches, setUpElectron } from './setup.mjs';
import { ROOT, SetUpError, runSync, say } from './setup/process.mjs';
import { findTrainingPython } from './setup/python.mjs';

const RESULTS = join(ROOT, 'test-results');
const VITEST_PROJECTS = ['unit', 'gpu', 'parity'];
const SUITE_LIMIT_MS = 40 * 60_000;

/** Counts of one suite, with the names of what failed or was skipped. */
function emptyTally() {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
}

function note(tally, status, name) {
  tally[status] += 1;
  if (status === 'failed') tally.failures.push(name);
  if (status === 'skipped') tally.skips.push(name);
}

function readReport(file, suite, tally) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  note(tally, 'failed', `${suite}: ended without a report`);
  return undefined;
}

function runVitest(project, env) {
  const tally = emptyTally();
  const file = join(RESULTS, `${project}.json`);
  const args = [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter',
    'default',
    '--reporter',
    'json',
    `--outputFile.json=${file}`,
  ];
  const code = runSync('npx', args, { env, timeoutMs: SUITE_LIMIT_MS });
  const report = readReport(file, project, tally);
  for (const suite of report?.testResults ?? []) {
    const path = relative(ROOT, suite.name);
    // A file that can't be loaded has no tests of its own, and must not pass for that.
    if (suite.status === 'failed' && suite.assertionResults.length === 0) note(tally, 'failed', path);
    for (const test of suite.assertionResults) {
      note(
        tally,
        test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped',
        `${path}: ${test.fullName}`,
      );
    }
  }
  if (code !== 0 && tally.failed === 0)
    note(tally, 'failed', `${project}: the runner ended with ${code ?? 'a time-out'}`);
  return tally;
}

function runPlaywright(env) {
  const tally = emptyTally();
  const file = join(RESULTS, 'e2e.json');
  const code = runSync('npx', ['playwright', 'test', '--reporter', 'line,json'], {
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    timeoutMs: SUITE_LIMIT_MS,
  });
  const report = readReport(file, 'e2e', tally);
  const visit = (suite, path) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const status = test.status === 'expected' ? 'passed' : test.status === 'skipped' ? 'skipped' : 'failed';
        note(tally, status, `${path} ${spec.title}`);
      }
    }
    for (const child of suite.suites ?? []) visit(child, `${path} ${child.title}`);
  };
  for (const suite of report?.suites ?? []) visit(suite, suite.title);
  if (code !== 0 && tally.failed === 0) note(tally, 'failed', `e2e: the runner ended with ${code ?? 'a time-out'}`);
  return tally;
}

/** The training's own tests. Without PyTorch they count as one skipped suite, with what to do about it. */
function runPytest(env) {
  const tally = emptyTally();
  const { python, missing } = findTrainingPython();
  if (python === undefined) {
    note(tally, 'skipped', `training: ${missing}`);
    return tally;
  }
  const file = join(RESULTS, 'training.xml');
  const code = runSync(python, ['-m', 'pytest', '-q', join(ROOT, 'models/training/tests'), `--junitxml=${file}`], {
    env,
    timeoutMs: SUITE_LIMIT_MS,
  });
  const report = existsSync(file) ? readFileSync(file, 'utf8') : '';
  for (const [, name, body] of report.matchAll(/<testcase[^>]* name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const status = /<(failure|error)\b/.test(body ?? '')
      ? 'failed'
      : /<skipped\b/.test(body ?? '')
        ? 'skipped'
        : 'passed';
    note(tally, status, `training: ${name}`);
  }
  if (code !== 0 && tally.failed === 0)
    note(tally, 'failed', `training: the runner ended with ${code ?? 'a time-out'}`);
  return tally;
}

await main(async () => {
  const { electron, env, stop } = await setUpElectron();
  try {
    rmSync(RESULTS, { recursive: true, force: true });
    mkdirSync(RESULTS, { recursive: true });
    say('Building…');
    if (runSync('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0)
      throw new SetUpError('The build failed (its message is above).');
    const testEnv = {
      ...env,
      OMP_WAIT_POLICY: 'passive',
      SPLATFORMER_ELECTRON: JSON.stringify([electron.executable, ...rootSwitches()]),
    };
    const tallies = [
      ...VITEST_PROJECTS.map((project) => runVitest(project, testEnv)),
      runPlaywright(testEnv),
      runPytest(testEnv),
    ];
    const total = (key) => tallies.reduce((sum, tally) => sum + tally[key], 0);
    const list = (title, names) =>
      names.length > 0 && console.log(`\n${title}:\n${names.map((name) => `  ${name}`).join('\n')}`);
    list(
      'Failed',
      tallies.flatMap((tally) => tally.failures),
    );
    list(
      'Skipped',
      tallies.flatMap((tally) => tally.skips),
    );
    console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
    return total('failed') > 0 || total('passed') === 0 ? 1 : 0;
  } finally {
    stop();
  }
});
