// npm run faults -- [--seed N] [--tries N] [NAME…]: see docs/reliability.md
import { main } from '../../scripts/setup/main.mjs';
import { ensureBuild } from '../../scripts/setup/build.mjs';
import { setUpElectron } from '../../scripts/setup.mjs';
import { withTypeScript } from '../load-typescript.mjs';

await main(async () => {
  const { env, stop } = await setUpElectron();
  try {
    await ensureBuild();
    Object.assign(process.env, env, { OMP_WAIT_POLICY: 'passive' });
    return await withTypeScript('faults/main.ts', (faults) => faults.main(process.argv.slice(2)));
  } finally {
    await stop();
  }
});
