import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSmallModel } from '../models/reference-models.ts';
import { withScratch } from '../scratch.ts';
import { seededRandom } from '../seeded-random.ts';
import { APP_FAULTS } from './app-faults.ts';
import { BATCH_FAULTS } from './batch-faults.ts';
import { CLI_FAULTS } from './cli-faults.ts';
import { FILE_FAULTS } from './file-faults.ts';
import { WORK_FAULTS } from './work-faults.ts';
import type { Fault } from './fault.ts';

const FAULTS: readonly Fault[] = [...CLI_FAULTS, ...APP_FAULTS, ...FILE_FAULTS, ...BATCH_FAULTS, ...WORK_FAULTS];

/** Lets each fault, or those whose names hold one of the words, happen `--tries` times; prints a table. Linux, root. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string', default: '1' }, tries: { type: 'string', default: '5' } },
    allowPositionals: true,
  });
  const chosen = FAULTS.filter(
    ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
  );
  return withScratch('faults', async (scratch) => {
    const model = await writeSmallModel(join(scratch, 'models'));
    let failures = 0;
    say('| fault | tries | held | what was seen |\n|---|---|---|---|');
    for (const { name, attempt } of chosen) {
      const random = seededRandom(Number(values.seed));
      const seen = new Map<string, number>();
      let held = 0;
      for (let i = 0; i < Number(values.tries); i++) {
        const folder = join(scratch, `${name.replaceAll(/\W+/g, '-')}-${i}`);
        await mkdir(folder);
        const outcome = await attempt({ folder, model, random }).then(
          (words) => {
            held += 1;
            return words;
          },
          (error: unknown) => `FAILED: ${error instanceof Error ? error.message : String(error)}`,
        );
        process.stderr.write(`${name}, try ${i + 1}: ${outcome}\n`);
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
        await rm(folder, { recursive: true, force: true });
      }
      failures += Number(values.tries) - held;
      const words = [...seen].map(([what, times]) => `${what} ${times}`).join('; ');
      say(`| ${name} | ${values.tries} | ${held} | ${words} |`);
    }
    return failures === 0 ? 0 : 1;
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
