import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRenderJob } from '../../../../electron/jobs/render-job.ts';

vi.mock('electron', () => ({ protocol: {} }));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-files-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('readRenderJob', () => {
  const job = {
    kind: 'render',
    scene: 'a.ply',
    camera: { worldToView: new Array(16).fill(0), fx: 1, fy: 1, cx: 0, cy: 0 },
    width: 8,
    height: 8,
    background: [0, 0, 0],
    out: 'o.png',
  };

  test('takes paths relative to the job', () => {
    expect(readRenderJob(put('job.json', JSON.stringify(job)))).toMatchObject({
      scene: join(folder, 'a.ply'),
      out: join(folder, 'o.png'),
    });
  });

  test('names what is wrong', () => {
    expect(() => readRenderJob(put('job.json', 'no'))).toThrow(/is not JSON/);
    expect(() => readRenderJob(put('job.json', JSON.stringify({ ...job, width: 0 })))).toThrow(/width/);
    expect(() => readRenderJob(put('job.json', JSON.stringify({ ...job, kind: 'paint' })))).toThrow(/kind/);
  });
});
