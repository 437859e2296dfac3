// npm run fuzz -- [--minutes N] [--inputs N] [--seed N] [--counts FILE] [--replay FILE] [TARGET…]; see docs/testing.md
import { withTypeScript } from '../load-typescript.mjs';

process.exitCode = await withTypeScript('fuzz/main.ts', ({ main }) => main(process.argv.slice(2)));
