// The process that main.ts starts: it reads one damaged file after the other, and may hang or die of it.
import { withTypeScript } from '../load-typescript.mjs';

// It does not outlive who started it.
process.on('disconnect', () => process.exit(1));
await withTypeScript('fuzz/attacker.ts', ({ main }) => main(JSON.parse(process.argv[2])));
process.exit(0);
