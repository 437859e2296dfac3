// npm test [-- FILE...]: sets up, builds, runs every suite or the files named, says what was skipped and why, and
// closes with one line: N passed, N failed, N skipped.
import { mkdirSync, rmSync } from 'node:fs';
import { setUpElectron, setUpNode } from './setup.mjs';
import { ensureBuild } from './setup/build.mjs';
import { main } from './setup/main.mjs';
import { say } from './setup/process.mjs';
import { selectSuites } from './test/selection.mjs';
import { RESULTS, SUITES } from './test/suites.mjs';
import { printTallies } from './test/tally.mjs';

await main(async () => {
  const selection = selectSuites(SUITES, process.argv.slice(2));
  const isNeeded = (what) => selection.some(({ suite }) => suite.needs.includes(what));
  const { env, stop } = await (isNeeded('electron') ? setUpElectron() : setUpNode());
  try {
    rmSync(RESULTS, { recursive: true, force: true });
    mkdirSync(RESULTS, { recursive: true });
    if (isNeeded('build')) await ensureBuild();
    const tallies = [];
    for (const { suite, paths } of selection) {
      const from = performance.now();
      tallies.push(await suite.run(paths, { ...env, OMP_WAIT_POLICY: 'passive' }));
      say(`${suite.name}: ${((performance.now() - from) / 1000).toFixed(0)} s`);
    }
    return printTallies(tallies);
  } finally {
    await stop();
  }
});
