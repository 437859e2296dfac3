// npm test [-- FILE...]: sets up, builds, runs every suite or the files named, says what was skipped and why, and
// closes with one line: N passed, N failed, N skipped.
import { mkdirSync, rmSync } from 'node:fs';
import { main, rootSwitches, setUpElectron, setUpNode } from './setup.mjs';
import { SetUpError, runSync, say } from './setup/process.mjs';
import { selectSuites } from './test/selection.mjs';
import { RESULTS, SUITES } from './test/suites.mjs';
import { printTallies } from './test/tally.mjs';

await main(async () => {
  const selection = selectSuites(SUITES, process.argv.slice(2));
  const isNeeded = (what) => selection.some(({ suite }) => suite.needs.includes(what));
  const { env, stop } = await setUp(isNeeded('electron'));
  try {
    rmSync(RESULTS, { recursive: true, force: true });
    mkdirSync(RESULTS, { recursive: true });
    if (isNeeded('build')) {
      say('Building…');
      if (runSync('npx', ['vite', 'build', '--logLevel', 'warn']) !== 0)
        throw new SetUpError('The build failed (its message is above).');
    }
    return printTallies(
      selection.map(({ suite, paths }) => {
        const from = performance.now();
        const tally = suite.run(paths, { ...env, OMP_WAIT_POLICY: 'passive' });
        say(`${suite.name}: ${((performance.now() - from) / 1000).toFixed(0)} s`);
        return tally;
      }),
    );
  } finally {
    stop();
  }
});

/** Brings what the suites need; the tests of the app learn by SPLATFORMER_ELECTRON which Electron to run. */
async function setUp(withElectron) {
  if (!withElectron) {
    setUpNode();
    return { env: process.env, stop: () => undefined };
  }
  const { electron, env, stop } = await setUpElectron();
  return { env: { ...env, SPLATFORMER_ELECTRON: JSON.stringify([electron.executable, ...rootSwitches()]) }, stop };
}
