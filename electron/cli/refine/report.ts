import { writeFileAtomically } from '../../../renderer/io/node-write.ts';
import type { OpenModel } from '../../models/open-model.ts';
import type { Outcome, Summary } from './outcome.ts';
import type { RefineSettings } from './settings.ts';

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
