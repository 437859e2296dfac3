// What became of the tests of one suite, read from the report that its runner leaves.
import { existsSync, readFileSync } from 'node:fs';

/** Counts of one suite, with the names of what failed or was skipped and why. */
export function emptyTally() {
  return { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
}

/** @param status 'passed', 'failed' or 'skipped'; @param reason why it was skipped, where the name does not say so */
export function note(tally, status, name, reason) {
  tally[status] += 1;
  if (status === 'failed') tally.failures.push(name);
  if (status === 'skipped') tally.skips.push(reason ? `${name}: ${reason}` : name);
}

/** A runner that ended badly must not pass for want of failed tests. */
export function noteEnd(tally, suite, code) {
  if (code !== 0 && tally.failed === 0) {
    note(tally, 'failed', `${suite}: the runner ended with ${code ?? 'a time-out'}`);
  }
  return tally;
}

/** The runner's report as text; its absence is a failure. */
export function readReport(file, suite, tally) {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  note(tally, 'failed', `${suite}: ended without a report`);
  return undefined;
}

/** Prints names of failed and of skipped tests, then one line of counts; returns the exit code. */
export function printTallies(tallies) {
  const total = (key) => tallies.reduce((sum, tally) => sum + tally[key], 0);
  const list = (title, names) => {
    if (names.length > 0) console.log(`\n${title}:\n${names.map((name) => `  ${name}`).join('\n')}`);
  };
  list(
    'Failed',
    tallies.flatMap(({ failures }) => failures),
  );
  list(
    'Skipped',
    tallies.flatMap(({ skips }) => skips),
  );
  console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
  return total('failed') > 0 || total('passed') === 0 ? 1 : 0;
}
