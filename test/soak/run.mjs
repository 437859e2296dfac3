// npm run soak -- [--minutes N] [--files N] [--out FOLDER]: see docs/reliability.md
import { runWithApp } from '../with-app.mjs';

await runWithApp('soak/main.ts');
