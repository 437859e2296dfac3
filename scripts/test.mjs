// npm test [-- FILE...]: sets up, builds, runs every suite or the files named, says what was skipped and why, and
// closes with one line: N passed, N failed, N skipped.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setUpElectron, setUpNode } from './setup.mjs';
import { ensureBuild } from './setup/build.mjs';
import { main } from './setup/main.mjs';
import { ROOT, SetUpError, say } from './setup/process.mjs';
import { run } from './setup/programs.mjs';
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
    if (isNeeded('package') && process.platform === 'linux') await makePackage();
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

async function makePackage() {
  say('Packing…');
  if ((await run(process.execPath, [join(ROOT, 'scripts', 'package.mjs'), '--fast'])) !== 0)
    throw new SetUpError('The package could not be made (the message is above).');
}
