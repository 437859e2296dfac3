// Runs a bench of this folder (no test: none asserts a time): node test/bench/run.mjs NAME [ARGUMENT…]
import { withTypeScript } from '../load-typescript.mjs';

const [name, ...args] = process.argv.slice(2);
await withTypeScript(`bench/${name}.ts`, ({ main }) => main(args));
// A GPU device would keep the process alive.
process.exit(0);
