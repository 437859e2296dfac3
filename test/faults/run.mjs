// npm run faults -- [--seed N] [--tries N] [NAME…]: see docs/reliability.md
import { runWithApp } from '../with-app.mjs';

await runWithApp('faults/main.ts');
