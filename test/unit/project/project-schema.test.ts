import { describe, expect, it } from 'vitest';
import { PROJECT_VERSION, parseProject, writeProject } from '../../../renderer/project/project-schema.ts';
import type { Project } from '../../../renderer/project/project-schema.ts';

const PROJECT: Pick<Project, 'app' | 'places' | 'state'> = {
  app: '0.1.0',
  places: {
    scene: { relative: '../a.ply', absolute: '/scans/a.ply', identity: { size: 3, digest: 'ab'.repeat(32) } },
    photos: { absolute: '/scans/images' },
  },
  state: {
    sceneName: 'a.ply',
    held: { opened: 0 },
    shown: 'after',
    up: '-z',
    pose: { position: [0, 1 / 3, 2], target: [0, 0, 0], orientation: [0, 0, 0, 1], fovYDegrees: 50 },
    panel: 'edit',
    showGrid: true,
    showAxes: false,
    features: { show: { kind: 'path' }, later: [1, null] },
  },
};

describe('the description of a project', () => {
  it('comes back as it was written', () => {
    const { app, places, state } = parseProject(writeProject(PROJECT), 'a.sfproj');
    expect({ app, places, state }).toEqual(PROJECT);
  });

  it('of a later version says so, whatever else it holds', () => {
    const later = JSON.stringify({ format: 'splatformer-project', version: PROJECT_VERSION + 1, scenes: 'many' });
    expect(() => parseProject(later, 'a.sfproj')).toThrow(/a\.sfproj was written by a later version of the app \(2/);
  });

  it('that is none or damaged is named, with the field that is wrong', () => {
    for (const text of ['', 'null', '[]', '{ not json', '{"format":"other","version":1}'])
      expect(() => parseProject(text, 'a.sfproj')).toThrow(/a\.sfproj is (not a project that can be used|damaged)/);
    const bent = writeProject({ ...PROJECT, state: { ...PROJECT.state, shown: 'beside' as 'after' } });
    expect(() => parseProject(bent, 'a.sfproj')).toThrow(/state\.shown/);
  });
});
