// The suites of npm test: where their files are, what they need, and how their runners are started and read.
import { join, relative } from 'node:path';
import { ROOT } from '../setup/process.mjs';
import { run, runModule } from '../setup/programs.mjs';
import { findTrainingPython } from '../setup/python.mjs';
import { emptyTally, note, noteEnd, readReport } from './tally.mjs';

export const RESULTS = join(ROOT, 'test-results');
const SUITE_LIMIT_MS = 40 * 60_000;

/**
 * In the order in which they run. `needs` names what must be there before: `electron` (with a display and software
 * Vulkan), the `build` of the app, and the `package` made of it. `run(paths, env)` runs these files or folders, all
 * where there are none, and returns the tally.
 */
export const SUITES = [
  { name: 'unit', folder: 'test/unit', needs: [], run: (paths, env) => runVitest('unit', paths, env) },
  { name: 'gpu', folder: 'test/gpu', needs: ['electron'], run: (paths, env) => runVitest('gpu', paths, env) },
  { name: 'parity', folder: 'test/parity', needs: [], run: (paths, env) => runVitest('parity', paths, env) },
  {
    name: 'e2e',
    folder: 'test/e2e',
    needs: ['electron', 'build'],
    run: (paths, env) => runPlaywright('e2e', paths, env),
  },
  {
    name: 'packed',
    folder: 'test/packed',
    needs: ['electron', 'package'],
    run: (paths, env) => runPlaywright('packed', paths, env),
  },
  { name: 'training', folder: 'models/training/tests', needs: ['build'], run: runPytest },
];

async function runVitest(project, paths, env) {
  const tally = emptyTally();
  const file = join(RESULTS, `${project}.json`);
  const reporters = ['--reporter', 'default', '--reporter', 'json', `--outputFile.json=${file}`];
  const code = await runModule('vitest/vitest.mjs', ['run', '--project', project, ...reporters, ...paths], {
    env,
    timeoutMs: SUITE_LIMIT_MS,
  });
  const report = readReport(file, project, tally);
  for (const suite of report === undefined ? [] : JSON.parse(report).testResults) {
    const path = relative(ROOT, suite.name);
    // A file that can't be loaded has no tests of its own, and must not pass for that.
    if (suite.status === 'failed' && suite.assertionResults.length === 0) note(tally, 'failed', path);
    for (const { status, fullName } of suite.assertionResults) {
      note(tally, status === 'passed' || status === 'failed' ? status : 'skipped', `${path}: ${fullName}`);
    }
  }
  return noteEnd(tally, project, code);
}

async function runPlaywright(project, paths, env) {
  const tally = emptyTally();
  const file = join(RESULTS, `${project}.json`);
  const code = await runModule(
    '@playwright/test/cli.js',
    ['test', '--project', project, '--reporter', 'line,json', ...paths],
    {
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
      timeoutMs: SUITE_LIMIT_MS,
    },
  );
  const report = readReport(file, project, tally);
  const visit = (suite, path) => {
    for (const spec of suite.specs ?? []) {
      for (const { status, annotations } of spec.tests) {
        const outcome = status === 'expected' ? 'passed' : status === 'skipped' ? 'skipped' : 'failed';
        note(tally, outcome, `${path} ${spec.title}`, annotations.find(({ type }) => type === 'skip')?.description);
      }
    }
    for (const child of suite.suites ?? []) visit(child, `${path} ${child.title}`);
  };
  for (const suite of report === undefined ? [] : JSON.parse(report).suites) visit(suite, suite.title);
  return noteEnd(tally, project, code);
}

/** The training's own tests. Without PyTorch they count as one skipped suite, with what to do about it. */
async function runPytest(paths, env) {
  const tally = emptyTally();
  const { python, missing } = findTrainingPython();
  if (python === undefined) {
    note(tally, 'skipped', 'training', missing);
    return tally;
  }
  const file = join(RESULTS, 'training.xml');
  const chosen = paths.length > 0 ? paths : ['models/training/tests'];
  const code = await run(
    python,
    ['-m', 'pytest', '-q', `--junitxml=${file}`, ...chosen.map((path) => join(ROOT, path))],
    {
      env,
      timeoutMs: SUITE_LIMIT_MS,
    },
  );
  const report = readReport(file, 'training', tally) ?? '';
  for (const [, name, body = ''] of report.matchAll(
    /<testcase[^>]* name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g,
  )) {
    const status = /<(failure|error)\b/.test(body) ? 'failed' : /<skipped\b/.test(body) ? 'skipped' : 'passed';
    note(tally, status, `training: ${name}`, /<skipped[^>]* message="([^"]*)"/.exec(body)?.[1]);
  }
  return noteEnd(tally, 'training', code);
}
