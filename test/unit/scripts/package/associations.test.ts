import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, vi } from 'vitest';
import { OPEN_FILTERS } from '../../../../electron/files/dialogs.ts';

/** The script is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/package/associations.mjs')).href;
const { ASSOCIATIONS } = (await import(/* @vite-ignore */ script)) as {
  ASSOCIATIONS: readonly { readonly ext: string; readonly mimeType: string }[];
};

vi.mock('electron', () => ({ dialog: {} }));

it('an installed app opens by a double click what its dialog offers, but for JSON, which is of many programs', () => {
  const offered = OPEN_FILTERS[0].extensions.filter((extension) => extension !== 'json');
  expect(ASSOCIATIONS.map(({ ext }) => ext).sort()).toEqual([...offered].sort());
  expect(new Set(ASSOCIATIONS.map(({ mimeType }) => mimeType)).size).toBe(ASSOCIATIONS.length);
});
