import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileTable } from '../../../../electron/files/files.ts';
import { Projects } from '../../../../electron/files/projects.ts';
import { SessionStore } from '../../../../electron/files/session-store.ts';
import type { SceneFile } from '../../../../renderer/bridge/files.ts';
import type { ProjectFile, ProjectFiles } from '../../../../renderer/bridge/project.ts';
import { dataPath } from '../../../test-data.ts';
import { projectState } from './project-state.ts';

vi.mock('electron', () => ({ protocol: {} }));

const STATE = projectState('a.ply');

let folder: string;
let work: string;
let files: FileTable;
let projects: Projects;
let session: SessionStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-projects-'));
  work = join(folder, 'work');
  mkdirSync(join(work, 'images'), { recursive: true });
  copyFileSync(dataPath('scenes/3dgs_sr_demo.ply'), join(work, 'a.ply'));
  writeFileSync(join(work, 'cameras.json'), '[]');
  writeFileSync(join(work, 'images', '1.png'), '');
  start();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A new run of the app. */
function start(): void {
  files = new FileTable();
  session = new SessionStore(join(folder, 'user-data'));
  projects = new Projects({
    files,
    session,
    appVersion: '0.1.0',
    admitCameras: async (path) => ({ ...(await files.admitFile(path)), neighbours: [] }),
    listPhotos: async (of) => [{ ...(await files.admitFile(join(of, '1.png'))), path: '1.png' }],
  });
}

async function save(to: string, refs: Partial<ProjectFiles> = {}): Promise<void> {
  const scene = refs.scene ?? (await files.admitScene(join(work, 'a.ply'))).id;
  const target = await files.beginSave(to, scene);
  await projects.write(target.id, 'part-1', Uint8Array.of(1, 2, 3), false);
  await projects.write(target.id, 'part-1', Uint8Array.of(4), true);
  await projects.finish(target.id, { ...refs, scene }, STATE);
}

const pathOf = (file: SceneFile | undefined): string => (file === undefined ? '' : files.pathOf(file.id));

async function partOf({ parts }: ProjectFile, id: string): Promise<Uint8Array> {
  const part = parts[id];
  const bytes = await files.read(part?.id ?? '', 0, part?.size ?? 0);
  await files.close(part?.id ?? '');
  return bytes;
}

describe('a project file', () => {
  it('gives back state, parts and files, and no path', async () => {
    const cameras = await files.admitFile(join(work, 'cameras.json'));
    const photo = await files.admitFile(join(work, 'images', '1.png'));
    const path = join(work, 'a.sfproj');
    await save(path, { cameras: cameras.id, photo: { id: photo.id, path: '1.png' } });
    start();
    const project = await projects.open(path);
    expect(project.state).toEqual(STATE);
    expect(await partOf(project, 'part-1')).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(project.scene).toMatchObject({ status: 'same', file: { name: 'a.ply' } });
    expect(pathOf(project.cameras)).toBe(join(work, 'cameras.json'));
    expect(project.photos?.map((found) => found.path)).toEqual(['1.png']);
    expect(project).toMatchObject({ name: 'a.sfproj', isSession: false, missing: [], target: { name: 'a.sfproj' } });
    expect(JSON.stringify(project)).not.toContain(folder);
  });

  it('finds its files again where they moved along, and where only it moved', async () => {
    await save(join(work, 'a.sfproj'));
    start();
    copyFileSync(join(work, 'a.sfproj'), join(folder, 'far.sfproj'));
    expect(pathOf((await projects.open(join(folder, 'far.sfproj'))).scene.file)).toBe(join(work, 'a.ply'));
    const moved = join(folder, 'moved');
    renameSync(work, moved);
    utimesSync(join(moved, 'a.ply'), 1, 1);
    const project = await projects.open(join(moved, 'a.sfproj'));
    expect(project.scene.status).toBe('same');
    expect(pathOf(project.scene.file)).toBe(join(moved, 'a.ply'));
  });

  it('says that its scene is another one or gone, and takes it from elsewhere', async () => {
    const path = join(work, 'a.sfproj');
    await save(path);
    start();
    const elsewhere = join(folder, 'b.ply');
    renameSync(join(work, 'a.ply'), elsewhere);
    const missing = await projects.open(path);
    expect(missing.scene).toMatchObject({ status: 'missing', file: { name: 'a.ply' } });
    expect(await projects.locate(missing.id, elsewhere)).toMatchObject({ status: 'same', file: { name: 'b.ply' } });
    copyFileSync(dataPath('scenes/sample.ply'), join(work, 'a.ply'));
    const changed = await projects.open(path);
    expect(changed.scene.status).toBe('changed');
    expect((await projects.locate(changed.id, join(work, 'a.ply'))).status).toBe('changed');
  });

  it('does not take a scene that changed after it was opened for the one that it was made with', async () => {
    const { id } = await files.admitScene(join(work, 'a.ply'));
    copyFileSync(dataPath('scenes/sample.ply'), join(work, 'a.ply'));
    await save(join(work, 'a.sfproj'), { scene: id });
    start();
    expect((await projects.open(join(work, 'a.sfproj'))).scene.status).toBe('changed');
  });

  it('names cameras and photos that are gone, and opens', async () => {
    const cameras = await files.admitFile(join(work, 'cameras.json'));
    await save(join(work, 'a.sfproj'), { cameras: cameras.id });
    rmSync(join(work, 'cameras.json'));
    start();
    expect(await projects.open(join(work, 'a.sfproj'))).toMatchObject({
      missing: ['cameras.json'],
      cameras: undefined,
    });
  });

  it('never takes the place of the scene, and of the project before only once it is whole', async () => {
    const { id } = await files.admitScene(join(work, 'a.ply'));
    await expect(files.beginSave(join(work, 'a.ply'), id)).rejects.toThrow(/never overwritten/);
    const path = join(work, 'a.sfproj');
    await save(path);
    const target = await files.beginSave(path, id);
    await projects.write(target.id, 'part-1', new Uint8Array(100), false);
    expect((await projects.open(path)).parts['part-1']?.size).toBe(4);
    await projects.abandon(target.id);
    expect((await projects.open(path)).parts['part-1']?.size).toBe(4);
  });
});

describe('a project of anyone', () => {
  it('names files that are never written by it, then or after a crash', async () => {
    const path = join(work, 'a.sfproj');
    const other = join(folder, '.profile');
    writeFileSync(other, 'precious');
    await save(path, { saved: files.admitSaved(other).id });
    start();
    const opened = await projects.open(path);
    const saved = opened.saved?.id ?? '';
    expect(opened.saved?.name).toBe('.profile');
    await expect(files.saveAgain(saved)).rejects.toMatchObject({ code: 'usage' });
    await projects.keepSession({ scene: opened.scene.file.id, saved, project: opened.target?.id }, STATE, new Set());
    start();
    await session.leave(true);
    expect((await projects.openLeftSession())?.saved).toBeUndefined();
    expect(readFileSync(other, 'utf8')).toBe('precious');
  });
});

describe('a session', () => {
  it('goes on saving where the scene was saved', async () => {
    const { id } = await files.admitScene(join(work, 'a.ply'));
    const to = join(work, 'saved.ply');
    writeFileSync(to, '');
    await projects.keepSession({ scene: id, saved: files.admitSaved(to).id }, STATE, new Set());
    start();
    await session.leave(true);
    const left = await projects.openLeftSession();
    const target = await files.saveAgain(left?.saved?.id ?? '');
    expect(files.pathOfSave(target.id)).toBe(to);
    await files.abandonSave(target.id);
  });

  it('comes back like a project, with the project that was open', async () => {
    const path = join(work, 'a.sfproj');
    await save(path);
    const { id } = await files.admitScene(join(work, 'a.ply'));
    const { target } = await projects.open(path);
    const part = await files.beginSave(await session.partPath('part-9', 2), undefined);
    await files.write(part.id, Uint8Array.of(8, 9));
    await files.finishSave(part.id);
    await projects.keepSession({ scene: id, project: target?.id }, STATE, new Set(['part-9']));
    start();
    expect(await session.leave(true)).toBe('restore');
    const left = await projects.openLeftSession();
    if (left === undefined) throw new Error('There is none.');
    expect(left).toMatchObject({ name: 'a.ply', isSession: true, target: { name: 'a.sfproj' } });
    expect(left.scene.status).toBe('same');
    expect(await partOf(left, 'part-9')).toEqual(Uint8Array.of(8, 9));
    expect(files.savedPathOf(left.target?.id ?? '')).toBe(join(dirname(path), 'a.sfproj'));
  });

  it('that is damaged is named', async () => {
    await session.keep('{ half', new Set());
    start();
    await session.leave(true);
    await expect(projects.openLeftSession()).rejects.toThrow(/The last session is damaged/);
  });
});
