import { parseRequest } from '../../../electron/cli/serve.ts';
import type { Seed, Target } from '../target.ts';

/** What other programs send the command line. */
export const COMMAND_LINE_TARGETS: readonly Target[] = [{ name: 'serve', inputsInTests: 200, seeds: requestSeeds }];

function requestSeeds(): Seed[] {
  const requests = {
    plain: { input: 'a.ply', output: 'b.ply' },
    full: {
      input: 'a.ply',
      output: 'b.spz',
      model: 'splatformer-desktop',
      strength: 0.5,
      up: '-y',
      region: { centre: [0, 1, 2], radius: 3 },
      cameras: 'transforms.json',
      noiseFloor: { means: 0.1 },
    },
  };
  return Object.entries(requests).map(([name, request]) => ({
    name: `${name}.json`,
    bytes: new TextEncoder().encode(JSON.stringify(request)),
    read: (damaged) => {
      const { strength, region } = parseRequest(new TextDecoder().decode(damaged));
      const numbers = typeof region === 'object' ? [strength, region.radius, ...region.centre] : [strength];
      if (!numbers.every(Number.isFinite)) throw new Error('a number of the request is not finite');
    },
  }));
}
