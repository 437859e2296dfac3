import { resolve } from 'node:path';
import { SplatError } from '../../../renderer/core/errors.ts';
import { writeFileAtomically } from '../../../renderer/io/node-write.ts';
import type { OpenModel } from '../../models/open-model.ts';
import type { Outcome, Summary } from './outcome.ts';
import type { RefineItem } from './plan.ts';
import type { RefineSettings } from './settings.ts';

/** @throws SplatError `usage` where the report would replace a scene of the run */
export function assertReportIsFree(report: string, items: readonly RefineItem[]): void {
  const path = resolve(report);
  if (items.some(({ input, output }) => resolve(input) === path || resolve(output) === path)) {
    throw new SplatError(
      'usage',
      `${report} is one of the scenes and can't hold the report too.`,
      'Choose another name for the report.',
    );
  }
}

/**
 * What was asked for, what it ran with, the numbers and every outcome, as one JSON document; an earlier report is
 * replaced.
 */
export async function writeReport(
  path: string,
  settings: RefineSettings,
  { model, fingerprint }: OpenModel,
  summary: Summary,
  outcomes: readonly Outcome[],
): Promise<void> {
  const { strength, up, region, cameras, format, device, recursive, resume, shard } = settings;
  const document = {
    finished: new Date().toISOString(),
    settings: {
      outDir: settings.directory,
      strength,
      up,
      region,
      cameras,
      format,
      device,
      recursive,
      resume,
      ...(shard === undefined ? {} : { shard: `${shard.index}/${shard.count}` }),
    },
    model: { name: model.manifest.name, license: model.manifest.license, sha256: fingerprint },
    summary,
    results: outcomes,
  };
  await writeFileAtomically(path, new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`), {
    overwrite: true,
  });
}
