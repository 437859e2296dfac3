import { basename } from 'node:path';
import type { ModelFile } from '../../renderer/bridge/files.ts';
import type { RenderJob } from '../../renderer/bridge/jobs.ts';
import type { OpenedFile } from '../../renderer/bridge/project.ts';
import type { StartUp } from '../../renderer/bridge/window.ts';
import { isFile } from './arguments.ts';
import type { StartArguments } from './arguments.ts';
import { answerOf, toFailure } from '../failure.ts';
import type { FileTable } from '../files/files.ts';
import type { SessionStore } from '../files/session-store.ts';
import { requestOf } from '../jobs/render-job.ts';
import { admitModel } from '../models/handlers.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { SettingsStore } from '../settings.ts';
import type { PageEnd, PageEnds } from '../window/page-ends.ts';

export interface StartUpParts extends Pick<StartUp, 'appVersion' | 'systemDescription' | 'graphicsMode'> {
  readonly started: StartArguments;
  readonly renderJob: RenderJob | undefined;
  readonly files: FileTable;
  readonly session: SessionStore;
  /** Opens a scene or a project. */
  readonly openAny: (path: string) => Promise<OpenedFile>;
  readonly settings: SettingsStore;
  readonly registry: ModelRegistry;
  readonly pageEnds: PageEnds;
  /** The scene that opens where none is named. */
  readonly sampleScene: string;
}

/** What the page begins with: settings, models, and the scene or job that the start named. */
export async function startUp(parts: StartUpParts): Promise<StartUp> {
  const { appVersion, systemDescription, graphicsMode, files, settings, started, renderJob, registry } = parts;
  const ended = parts.pageEnds.takeEnd();
  const left = renderJob === undefined ? await parts.session.leave(mayRestore(parts, ended)) : undefined;
  const problem = left === 'restore' ? undefined : ended?.problem;
  const isSample = started.scene === undefined && problem === undefined && left !== 'restore';
  const common = {
    appVersion,
    systemDescription,
    graphicsMode,
    view: settings.get().view,
    isSample,
    isShippedSample: isSample && started.sample === undefined,
    leftSession: left,
    defaultModel: await admitModel(parts, registry.defaultId).catch(() => undefined),
    device: started.device,
  };
  try {
    if (renderJob !== undefined) return { ...common, renderJob: await requestOf(renderJob, files) };
    const model = await startModel(parts);
    // The scene of the start may be what ended the page before.
    if (problem !== undefined) return { ...common, ...model, problem };
    if (left === 'restore') return { ...common, ...model };
    return { ...common, ...model, scene: await parts.openAny(started.scene ?? parts.sampleScene) };
  } catch (error) {
    return { ...common, problem: toFailure(error) };
  }
}

/** A scene that was named is what is wanted now, and a page that ends again and again is not helped by the same. */
function mayRestore({ started }: StartUpParts, ended: PageEnd | undefined): boolean {
  return ended === undefined ? started.scene === undefined : !ended.isRepeated;
}

/**
 * The model that the command line named, else the one of the last time.
 * @throws SplatError `io` where the named one is not here; a chosen one that is gone is reported as `modelProblem`
 */
async function startModel(parts: StartUpParts): Promise<Pick<StartUp, 'model' | 'modelProblem'>> {
  const { model } = parts.started;
  if (model !== undefined) return { model: await namedModel(parts, model) };
  const { chosen } = parts.settings.get().models;
  if (chosen === undefined) return {};
  const answer = await answerOf(() => admitModel(parts, chosen));
  return answer.ok ? { model: answer.value } : { modelProblem: answer.failure };
}

/** The model that the command line named: a file, or a model's ID. */
async function namedModel({ files, registry }: StartUpParts, path: string): Promise<ModelFile> {
  if (isFile(path)) return files.admitModel(path);
  return admitModel({ registry, files }, (await registry.resolve(basename(path))).id);
}
