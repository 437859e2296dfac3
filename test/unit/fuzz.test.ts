import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attack, inputAt } from '../fuzz/attack.ts';
import { CORPUS, corpus, recall } from '../fuzz/corpus.ts';
import { MOST_BYTES, MOST_SECONDS } from '../fuzz/process.ts';
import { TARGETS } from '../fuzz/targets.ts';
import { SCENE_TARGETS } from '../fuzz/targets/scenes.ts';

/** The seed of the runs here: failures must repeat. */
const RUN_SEED = 1;

describe('damaged files', () => {
  it.each(TARGETS)('of $name: each is read, or refused by name and in words of people', async (target) => {
    const seeds = await target.seeds();
    const sound = seeds.map(({ bytes }) => new Uint8Array(bytes));
    const codes = new Set<string>();
    for (let index = 0; index < target.inputsInTests; index++) {
      const input = inputAt(seeds, RUN_SEED, target.name, index);
      const outcome = await attack(input);
      const what = outcome.kind === 'failure' ? outcome.what : undefined;
      expect(what, `${target.name} #${index} (${input.seed.name})`).toBeUndefined();
      codes.add(outcome.kind === 'refused' ? outcome.code : outcome.kind);
    }
    expect(seeds.every(({ bytes }, k) => Buffer.from(bytes).equals(sound[k]))).toBe(true);
    // Attacks of which all fail at the door, or all get through, would try nothing.
    expect(codes.size).toBeGreaterThan(target.isNeverRefused === true ? 0 : 1);
  });

  it.each(TARGETS)('of $name begin with sound ones', async (target) => {
    for (const seed of await target.seeds()) {
      const outcome = await attack({ seed, bytes: seed.bytes });
      expect(outcome, seed.name).toEqual(
        seed.isRefused === true ? expect.objectContaining({ kind: 'refused' }) : { kind: 'accepted' },
      );
    }
  });

  it.each(SCENE_TARGETS)('of $name, cut anywhere', async (target) => {
    const seeds = await target.seeds();
    // Over the whole length, then byte by byte at the end; fewer where a reader is slow or has many seeds.
    const steps = Math.max(6, Math.min(40, Math.ceil(target.inputsInTests / seeds.length)));
    for (const seed of seeds) {
      const outcomes: string[] = [];
      for (let step = 0; step < steps; step++) {
        const half = Math.ceil(steps / 2);
        const length =
          step < half ? Math.floor((seed.bytes.length * step) / half) : seed.bytes.length - 1 - (step - half);
        const outcome = await attack({ seed, bytes: seed.bytes.subarray(0, Math.max(0, length)) });
        expect(outcome, `${seed.name} cut to ${length} bytes`).not.toHaveProperty('what');
        outcomes.push(outcome.kind);
      }
      // Of some files the end matters little (padding, a palette's last row); of none more than half.
      expect(outcomes.filter((kind) => kind === 'refused').length, seed.name).toBeGreaterThan(steps / 3);
    }
  });

  it.each(corpus().map((path) => relative(CORPUS, path)))('%s, which failed once, does no more', async (path) => {
    const input = await recall(join(CORPUS, path));
    const [from, before] = [performance.now(), process.memoryUsage.rss()];
    expect(await attack(input)).not.toHaveProperty('what');
    expect(performance.now() - from).toBeLessThan(MOST_SECONDS * 1000);
    expect(process.resourceUsage().maxRSS * 1024 - before).toBeLessThan(MOST_BYTES);
  });
});
