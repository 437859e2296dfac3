import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileTable } from '../../../../electron/files/files.ts';
import { refineJobHandlers } from '../../../../electron/jobs/refine-job.ts';
import { readRenderJob, requestOf } from '../../../../electron/jobs/render-job.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-job-'));
  for (const name of ['a.ply', 'm.pth', 'm.json']) writeFileSync(join(folder, name), name);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A job written to a file and read back, its paths relative to it. */
function job(items: readonly { readonly input: string; readonly output: string }[]): ReturnType<typeof readRenderJob> {
  const file = join(folder, 'job.json');
  writeFileSync(
    file,
    JSON.stringify({ kind: 'refine', items, model: 'm.pth', strength: 1, format: 'spz', comment: 'made so' }),
  );
  return readRenderJob(file);
}

describe('a refine job', () => {
  it('reaches the page without a path', async () => {
    const request = await requestOf(job([{ input: 'a.ply', output: 'out/a.spz' }]), new FileTable());
    expect(request).toMatchObject({
      kind: 'refine',
      scenes: 1,
      strength: 1,
      format: 'spz',
      comment: 'made so',
      model: { name: 'm.pth', sidecar: { name: 'm.json' } },
    });
    expect(JSON.stringify(request)).not.toContain(folder);
  });

  it('opens and writes scene by scene, a missing one harming no other', async () => {
    const files = new FileTable();
    const handlers = refineJobHandlers(
      job([
        { input: 'gone.ply', output: 'out/gone.spz' },
        { input: 'a.ply', output: 'out/deep/a.spz' },
      ]),
      files,
    );
    await expect(handlers.openRefineInput(0)).rejects.toMatchObject({ code: 'io' });
    expect(await handlers.openRefineInput(1)).toMatchObject({ name: 'a.ply', size: 5 });
    const target = await handlers.beginRefineOutput(1);
    await files.write(target.id, new TextEncoder().encode('refined'));
    expect(existsSync(join(folder, 'out/deep/a.spz'))).toBe(false);
    await files.finishSave(target.id);
    expect(readFileSync(join(folder, 'out/deep/a.spz'), 'utf8')).toBe('refined');
  });

  it('never writes over the input, nor what was not opened, nor beyond the list', async () => {
    symlinkSync(folder, join(folder, 'same'));
    const handlers = refineJobHandlers(job([{ input: 'a.ply', output: 'same/a.ply' }]), new FileTable());
    await expect(handlers.beginRefineOutput(0)).rejects.toMatchObject({ code: 'usage' });
    await handlers.openRefineInput(0);
    await expect(handlers.beginRefineOutput(0)).rejects.toMatchObject({ code: 'io' });
    await expect(handlers.openRefineInput(1)).rejects.toMatchObject({ code: 'usage' });
    await expect(refineJobHandlers(undefined, new FileTable()).openRefineInput(0)).rejects.toMatchObject({
      code: 'usage',
    });
    expect(readFileSync(join(folder, 'a.ply'), 'utf8')).toBe('a.ply');
  });

  it('tells on standard output how each scene went', () => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    refineJobHandlers(job([{ input: 'a.ply', output: 'b.ply' }]), new FileTable()).reportRefined(0, {
      ok: true,
      report: { splats: 3 },
      notes: [],
    });
    expect(lines).toEqual(['{"place":0,"outcome":{"ok":true,"report":{"splats":3},"notes":[]}}\n']);
  });
});
