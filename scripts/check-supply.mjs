// Checks what the project takes from others: the lock file, licences, install scripts, known faults.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from './setup/main.mjs';
import { ROOT, say } from './setup/process.mjs';
import { problemsOfAudit } from './supply/audit.mjs';
import { problemsOfLock, staleExcuses } from './supply/lock.mjs';

const AUDIT_MS = 60_000;

await main(() => {
  const read = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  const [lock, policy] = [read('package-lock.json'), read('scripts/supply/policy.json')];
  const problems = [...problemsOfLock(read('package.json'), lock, policy), ...staleExcuses(lock, policy)];
  const audit = spawnSync('npm', ['audit', '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: AUDIT_MS,
  });
  const known = problemsOfAudit(audit.stdout ?? '', policy);
  if (known === undefined) say('Known faults were not looked up: the registry did not answer npm audit.');
  else problems.push(...known);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length === 0)
    say(`${Object.keys(lock.packages).length - 1} packages: licences, hashes, scripts are as they must be.`);
  return problems.length === 0 ? 0 : 1;
});
