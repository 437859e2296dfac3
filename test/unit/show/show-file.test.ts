import { describe, expect, test } from 'vitest';
import { SplatError } from '../../../renderer/core/errors.ts';
import { addBookmark, removeBookmark, renameBookmark } from '../../../renderer/show/bookmarks.ts';
import {
  parseSceneShow,
  parseShowFile,
  shotOf,
  writeSceneShow,
  writeShowFile,
} from '../../../renderer/show/show-file.ts';
import type { ShowFile } from '../../../renderer/show/show-file.ts';
import { turntable, view } from './show-values.ts';

const path = {
  keys: [
    { timeSeconds: 0, ...view, stop: false },
    { timeSeconds: 1.5, ...view, position: [0, 5, 1] as const, stop: true },
  ],
  timing: 'constant',
  ease: false,
} as const;
const files: ShowFile[] = [
  { kind: 'bookmarks', bookmarks: [{ name: 'Front', ...view }] },
  { kind: 'path', path },
  { kind: 'turntable', turntable },
];

function failure(read: () => unknown): SplatError {
  try {
    read();
  } catch (error) {
    if (error instanceof SplatError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/** A good file's JSON with one field changed. */
function changed(file: ShowFile, change: (json: Record<string, unknown>) => void): string {
  const json = JSON.parse(writeShowFile(file)) as Record<string, unknown>;
  change(json);
  return JSON.stringify(json);
}

describe('files', () => {
  test.each(files)('of kind $kind come back as they were written', (file) =>
    expect(parseShowFile(writeShowFile(file), 'x.json')).toEqual(file),
  );

  test('of the same content are the same text, in whatever order it came', () => {
    const [first, second] = path.keys;
    const turned = {
      ease: false,
      timing: 'constant',
      keys: [{ stop: false, ...view, timeSeconds: first.timeSeconds }, second],
    } as const;
    expect(writeShowFile({ kind: 'path', path: turned })).toBe(writeShowFile({ kind: 'path', path }));
  });

  test('may leave out what has a usual value', () => {
    const { position, target, up, fovYDegrees } = view;
    const text = JSON.stringify({
      format: 'splatformer-camera-path',
      version: 1,
      keys: [{ timeSeconds: 0, position, target, up, fovYDegrees }],
    });
    expect(parseShowFile(text, 'x.json')).toEqual({
      kind: 'path',
      path: { keys: [{ timeSeconds: 0, ...view, rollDegrees: 0, stop: false }], timing: 'keys', ease: true },
    });
  });

  test('of a scene come back too', () => {
    const kept = { bookmarks: [{ name: 'Front', ...view }], path, turntable };
    expect(parseSceneShow(writeSceneShow(kept), 'x.json')).toEqual(kept);
    expect(parseSceneShow(writeSceneShow({ ...kept, turntable: undefined }), 'x.json').turntable).toBeUndefined();
    expect(
      failure(() => parseSceneShow(writeSceneShow({ ...kept, turntable: { ...turntable, side: [0, 2, 0] } }), 'x.json'))
        .sentence,
    ).toContain('turntable has a side that runs along up');
  });

  test.each([
    ['no JSON', '{"format":', 'x.json is damaged: it is not JSON'],
    ['something else', '{"position":[0,0,0]}', 'neither bookmarks, a camera path nor a turntable'],
    ['null', 'null', 'neither bookmarks, a camera path nor a turntable'],
    ['an unknown field', changed(files[1], (json) => (json['speed'] = 2)), 'speed'],
    [
      'times that do not increase',
      changed(files[1], (json) => ((json['keys'] as { timeSeconds: number }[])[1].timeSeconds = 0)),
      'keys.1.timeSeconds must be at least 0.05 s after the key before',
    ],
    [
      'a view of nothing',
      changed(files[1], (json) => ((json['keys'] as { position: number[] }[])[0].position = [0, 0, 0])),
      'keys.0 has position and target at the same point',
    ],
    [
      'a field of view of 0',
      changed(files[0], (json) => ((json['bookmarks'] as { fovYDegrees: number }[])[0].fovYDegrees = 0)),
      'bookmarks.0.fovYDegrees',
    ],
    [
      'no name',
      changed(files[0], (json) => ((json['bookmarks'] as { name: string }[])[0].name = ' ')),
      'bookmarks.0.name',
    ],
    ['a side along up', changed(files[2], (json) => (json['side'] = [0, -3, 0])), 'has a side that runs along up'],
    [
      'an elevation past the pole',
      changed(files[2], (json) => (json['endElevationDegrees'] = 91)),
      'endElevationDegrees',
    ],
  ])('with %s are refused by name and place', (_, text, message) => {
    const error = failure(() => parseShowFile(text, 'x.json'));
    expect(error.code).toBe('invalid-file');
    expect(error.message).toContain('x.json');
    expect(error.sentence).toContain(message);
  });

  test('of a later version are refused as such', () => {
    const error = failure(() =>
      parseShowFile(
        changed(files[2], (json) => (json['version'] = 2)),
        'x.json',
      ),
    );
    expect([error.code, error.sentence]).toEqual([
      'unsupported-feature',
      'x.json was written by a later version of the app (2, this one reads 1). Update the app.',
    ]);
  });
});

describe('shotOf', () => {
  test('takes paths and turntables, and neither bookmarks nor a single key', () => {
    expect(shotOf(files[1], 'x').durationSeconds).toBe(1.5);
    expect(shotOf(files[2], 'x').durationSeconds).toBe(8);
    expect(failure(() => shotOf(files[0], 'x.json')).message).toContain('list of bookmarks');
    expect(
      failure(() => shotOf({ kind: 'path', path: { ...path, keys: path.keys.slice(1) } }, 'x.json')).message,
    ).toContain('needs two at least');
  });
});

describe('bookmarks', () => {
  test('get the first free name, are renamed and removed', () => {
    const two = addBookmark(addBookmark([], view), view);
    expect(two.map(({ name }) => name)).toEqual(['View 1', 'View 2']);
    expect(addBookmark(removeBookmark(two, 0), view).map(({ name }) => name)).toEqual(['View 2', 'View 3']);
    expect(renameBookmark(two, 1, '  Door ').map(({ name }) => name)).toEqual(['View 1', 'Door']);
    expect(renameBookmark(two, 1, ' ')).toBe(two);
    expect(two[0]).toEqual({ name: 'View 1', ...view });
  });
});
