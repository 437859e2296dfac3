// How every script begins and ends.
import { judgeNode } from './node-version.mjs';
import { SetUpError, say } from './process.mjs';
import { endWithSignals, endingSignal, exitCodeOf } from './programs.mjs';

/**
 * Runs a script's main function, which returns its exit code. A signal ends what it started; the exit code is 128 + n
 * then. Failures that the person can act on print as one sentence, without a stack.
 */
export async function main(body) {
  // Nobody reads on: there is no one to tell that either.
  process.stderr.on('error', () => undefined);
  const { goOn, sentence } = judgeNode(process.version);
  if (goOn === 'warn') say(sentence);
  endWithSignals();
  try {
    if (goOn === 'no') throw new SetUpError(sentence);
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    if (endingSignal() === undefined) process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
  if (endingSignal() !== undefined) process.exitCode = exitCodeOf(endingSignal());
}
