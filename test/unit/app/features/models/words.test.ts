import { describe, expect, test } from 'vitest';
import { isLocalRequest } from '../../../../../electron/window/network-guard.ts';
import type { ModelInfo } from '../../../../../renderer/bridge/models.ts';
import { adviceOf, factsOf, stateWords, transferWords } from '../../../../../renderer/app/features/models/words.ts';

const info: ModelInfo = {
  id: 'm',
  name: 'M',
  kind: 'anchorsplat',
  copies: 20,
  license: 'MIT',
  summary: 'S.',
  figures: [{ label: 'PSNR', value: '36 dB' }],
  origin: 'download',
  state: 'absent',
  bytes: 193_000_000,
  partBytes: 0,
  fileName: 'm.pth',
  host: 'example.com',
  hasPage: true,
  isDefault: false,
};

describe('the words for a model', () => {
  test('name its state', () => {
    expect(stateWords(info, false, false)).toBe('Not installed · 193 MB');
    expect(stateWords({ ...info, state: 'partial', partBytes: 77_200_000 }, false, false)).toBe('Paused at 40 %');
    expect(stateWords({ ...info, state: 'ready' }, false, false)).toBe('Installed');
    expect(stateWords(info, false, true)).toBe('Download failed · 193 MB');
    expect(stateWords({ ...info, state: 'partial', partBytes: 77_200_000 }, false, true)).toBe('Failed at 40 %');
    expect(stateWords({ ...info, state: 'ready' }, true, false)).toBe('In use');
    expect(stateWords({ ...info, state: 'ready', origin: 'shipped' }, false, false)).toBe('Comes with the app');
    expect(stateWords({ ...info, state: 'missing', origin: 'own' }, true, false)).toBe('File missing');
    expect(stateWords({ ...info, origin: 'page', bytes: null }, false, false)).toBe("On the authors' page");
    expect(
      stateWords({ ...info, transfer: { stage: 'Downloading', bytes: 42e6, totalBytes: 193e6 } }, false, false),
    ).toBe('42 MB of 193 MB');
    expect(transferWords({ stage: 'Checking', bytes: 50, totalBytes: 100 })).toBe('Checking… 50 %');
    expect(transferWords({ stage: 'Connecting', bytes: 0, totalBytes: 100 })).toBe('Connecting…');
  });

  test('tell size, licence and source before a download', () => {
    expect(adviceOf(info)).toContain('example.com when you press Download, and not before: 193 MB, MIT licence');
    expect(adviceOf({ ...info, state: 'ready' })).toBe('');
    expect(adviceOf({ ...info, state: 'partial', partBytes: 1000 })).toContain('1 kB are here');
    expect(adviceOf({ ...info, origin: 'own', state: 'missing' })).toContain('m.pth is no longer where it was');
    const facts = new Map(factsOf(info));
    expect([
      facts.get('Output'),
      facts.get('Size'),
      facts.get('Licence'),
      facts.get('From'),
      facts.get('PSNR'),
    ]).toEqual(['20 splats of each one', '193 MB', 'MIT', 'example.com', '36 dB']);
    expect(new Map(factsOf({ ...info, origin: 'own', copies: 1, parameters: 1234 })).get('Parameters')).toBe('1,234');
  });
});

test('a request is local or it is blocked', () => {
  expect(
    ['app://splatformer/x', 'blob:app://splatformer/1', 'data:,x', 'devtools://devtools/x'].map(isLocalRequest),
  ).toEqual([true, true, true, true]);
  expect(
    ['https://example.com', 'http://127.0.0.1:1', 'ws://127.0.0.1:1', 'file:///etc/passwd', 'ftp://x', 'nonsense'].map(
      isLocalRequest,
    ),
  ).toEqual([false, false, false, false, false, false]);
});
