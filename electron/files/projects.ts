import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';
import type { PhotoFile } from '../../renderer/bridge/capture.ts';
import type { ReadableFile, SaveTarget, SceneFile } from '../../renderer/bridge/files.ts';
import type { FoundScene, OpenedFile, ProjectFile, ProjectFiles } from '../../renderer/bridge/project.ts';
import { parseProject, writeProject } from '../../renderer/project/project-schema.ts';
import type { FileIdentity, Places, Project, ProjectState } from '../../renderer/project/project-schema.ts';
import type { FileTable } from './files.ts';
import { requireScene } from './named-content.ts';
import { findPlace, identityOf, pathsOf, placeOf } from './places.ts';
import { isProjectPath } from './project-path.ts';
import { ProjectZip, readProjectZip } from './project-zip.ts';
import { sceneTitle } from './scene-files.ts';
import type { SessionStore } from './session-store.ts';

export interface ProjectsParts {
  readonly files: FileTable;
  readonly session: SessionStore;
  readonly appVersion: string;
  readonly admitCameras: (path: string) => Promise<SceneFile>;
  readonly listPhotos: (folder: string) => Promise<readonly PhotoFile[]>;
}

/** Projects and the session as files: the page gives what it has, and only here it meets paths. */
export class Projects {
  private readonly saves = new Map<string, ProjectZip>();
  /** Of scenes as they were when they were opened, by handle. */
  private readonly identities = new Map<string, Promise<FileIdentity | undefined>>();
  private readonly opened = new Map<string, FileIdentity | undefined>();

  constructor(private readonly parts: ProjectsParts) {}

  /** Opens a project, or what should be a scene. */
  openAny(path: string): Promise<OpenedFile> {
    return isProjectPath(path) ? this.open(path) : this.parts.files.admitScene(path);
  }

  /** Opens a project file. @throws SplatError by name where it is damaged, of a later version or none */
  async open(path: string): Promise<ProjectFile> {
    const { files } = this.parts;
    const name = basename(path);
    const { description, parts } = await readProjectZip(path);
    const project = parseProject(description, name);
    const spans = parts.map(({ id, offset, size }) => [id, files.admitSpan(path, offset, size)] as const);
    const { id } = await files.admitFile(path);
    const found = await this.find(id, project, dirname(path), spans);
    // What anyone's file names is not written to: Save goes to the project.
    const saved = await this.at(project.places.saved, dirname(path), (place) => files.admitNamed(place));
    return { ...found, name, isSession: false, saved, target: files.admitSaved(path) };
  }

  /** What the session before left; undefined where there is nothing. */
  async openLeftSession(): Promise<ProjectFile | undefined> {
    const { files, session } = this.parts;
    const left = await session.readLeft();
    if (left === undefined) return undefined;
    const project = parseProject(left.description, 'The last session');
    const spans = left.parts.map(({ id, path, size }) => [id, files.admitSpan(path, 0, size)] as const);
    const { places } = project;
    const found = await this.find(randomUUID(), project, left.folder, spans);
    const savedAt = (place: Places['saved']) => this.at(place, left.folder, (path) => files.admitSaved(path));
    return { ...found, saved: await savedAt(places.saved), target: await savedAt(places.project) };
  }

  /** The scene of a project at another path. */
  async locate(projectId: string, path: string): Promise<FoundScene> {
    const file = await this.parts.files.admitScene(path);
    const wanted = this.opened.get(projectId);
    const isSame = isSameFile(await this.identify(file.id), wanted);
    return { status: isSame ? 'same' : 'changed', file };
  }

  /** Writes on at a part of the project that is being saved. */
  async write(saveId: string, part: string, bytes: Uint8Array, isLast: boolean): Promise<void> {
    await this.append(saveId, this.zipOf(saveId).add(part, bytes, isLast));
  }

  /** Ends the project that is being saved and puts it in its place. Returns its path. */
  async finish(saveId: string, refs: ProjectFiles, state: ProjectState): Promise<string> {
    const { files, appVersion } = this.parts;
    const folder = dirname(files.pathOfSave(saveId));
    const places = await this.placesOf({ ...refs, project: undefined }, folder);
    await this.append(saveId, this.zipOf(saveId).end(writeProject({ app: appVersion, places, state })));
    this.saves.delete(saveId);
    return files.finishSave(saveId);
  }

  async abandon(saveId: string): Promise<void> {
    this.saves.delete(saveId);
    await this.parts.files.abandonSave(saveId);
  }

  /** Keeps what is open for after a crash; its parts are written. */
  async keepSession(refs: ProjectFiles, state: ProjectState, partIds: ReadonlySet<string>): Promise<void> {
    const isWritable = refs.saved !== undefined && this.parts.files.isWritable(refs.saved);
    const places = await this.placesOf({ ...refs, saved: isWritable ? refs.saved : undefined }, undefined);
    await this.parts.session.keep(writeProject({ app: this.parts.appVersion, places, state }), partIds);
  }

  private zipOf(saveId: string): ProjectZip {
    const zip = this.saves.get(saveId) ?? new ProjectZip();
    this.saves.set(saveId, zip);
    return zip;
  }

  private async append(saveId: string, pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) await this.parts.files.write(saveId, piece);
  }

  /** Finds what a project refers to. What is not there does not keep the project from opening. */
  private async find(
    id: string,
    { places, state }: Project,
    folder: string,
    spans: readonly (readonly [string, ReadableFile])[],
  ): Promise<Omit<ProjectFile, 'target' | 'saved'>> {
    this.opened.set(id, places.scene.identity);
    const missing: string[] = [];
    const cameras = await this.findNamed(places.cameras, folder, this.parts.admitCameras, missing);
    const photos = await this.findNamed(places.photos, folder, this.parts.listPhotos, missing);
    return {
      id,
      name: state.sceneName,
      isSession: true,
      state,
      parts: Object.fromEntries(spans),
      scene: await this.findScene(places.scene, folder),
      ...{ cameras, photos, missing },
    };
  }

  private async findScene(place: Places['scene'], folder: string): Promise<FoundScene> {
    const { files } = this.parts;
    let changed: SceneFile | undefined;
    for (const path of pathsOf(place, folder)) {
      // A project may be anyone's: what it names has to be a scene.
      const file = await requireScene(path)
        .then(() => files.admitScene(path))
        .catch(() => undefined);
      if (file === undefined) continue;
      if (isSameFile(await this.identify(file.id), place.identity)) return { status: 'same', file };
      changed ??= file;
    }
    if (changed !== undefined) return { status: 'changed', file: changed };
    const file = files.admitMissing(place.absolute);
    return { status: 'missing', file: { ...file, name: sceneTitle(place.absolute), neighbours: [] } };
  }

  private async findNamed<T>(
    place: Places['cameras'],
    folder: string,
    admit: (path: string) => Promise<T>,
    missing: string[],
  ): Promise<T | undefined> {
    if (place === undefined) return undefined;
    const path = await findPlace(place, folder);
    const found = path === undefined ? undefined : await admit(path).catch(() => undefined);
    if (found === undefined) missing.push(basename(place.absolute));
    return found;
  }

  /** A file that was saved earlier, if it is still there. */
  private async at(
    place: Places['saved'],
    folder: string,
    admit: (path: string) => SaveTarget,
  ): Promise<SaveTarget | undefined> {
    const path = place === undefined ? undefined : await findPlace(place, folder);
    return path === undefined ? undefined : admit(path);
  }

  private async placesOf(refs: ProjectFiles, folder: string | undefined): Promise<Places> {
    const { files } = this.parts;
    const place = (path: string) => placeOf(path, folder);
    const identity = await this.identify(refs.scene);
    return {
      scene: { ...place(files.pathOf(refs.scene)), ...(identity === undefined ? {} : { identity }) },
      ...(refs.cameras === undefined ? {} : { cameras: place(files.pathOf(refs.cameras)) }),
      ...(refs.photo === undefined ? {} : { photos: place(folderOf(files.pathOf(refs.photo.id), refs.photo.path)) }),
      ...(refs.saved === undefined ? {} : { saved: place(files.savedPathOf(refs.saved)) }),
      ...(refs.project === undefined ? {} : { project: place(files.savedPathOf(refs.project)) }),
    };
  }

  /** The identity of a scene as it was opened: a file that changed since has none. */
  private identify(sceneId: string): Promise<FileIdentity | undefined> {
    const { files } = this.parts;
    const known = this.identities.get(sceneId) ?? identityAt(files.pathOf(sceneId), files.modifiedOf(sceneId));
    this.identities.set(sceneId, known);
    return known;
  }
}

async function identityAt(path: string, modifiedMs: number): Promise<FileIdentity | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info?.mtimeMs === modifiedMs ? identityOf(path) : undefined;
}

function isSameFile(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return a !== undefined && b !== undefined && a.size === b.size && a.digest === b.digest;
}

/** The folder that a file lies in by this path, which has forward slashes. */
function folderOf(path: string, within: string): string {
  if (!path.replaceAll('\\', '/').endsWith(`/${within}`))
    throw new SplatError('usage', `${basename(path)} does not lie where the page says.`);
  return path.slice(0, -within.length - 1);
}
