import { describe, expect, test } from 'vitest';
import { PageEnds } from '../../../../electron/window/page-ends.ts';

function endsAt(): { readonly ends: PageEnds; readonly clock: { ms: number } } {
  const clock = { ms: 1_000_000 };
  return { ends: new PageEnds(() => clock.ms), clock };
}

describe('after the end of the page’s process', () => {
  test('the page is loaded again, but a second end within a minute asks first', () => {
    const { ends, clock } = endsAt();
    expect(ends.add('crashed')).toBe('reload');
    clock.ms += 59_000;
    expect(ends.add('crashed')).toBe('ask');
    clock.ms += 59_000;
    expect(ends.add('crashed')).toBe('ask');
  });

  test('ends further apart do not count together', () => {
    const { ends, clock } = endsAt();
    expect(ends.add('crashed')).toBe('reload');
    clock.ms += 60_000;
    expect(ends.add('crashed')).toBe('reload');
  });

  test('a person who loads the page again starts the count anew', () => {
    const { ends } = endsAt();
    ends.add('crashed');
    expect(ends.add('crashed')).toBe('ask');
    ends.forgive();
    expect(ends.add('crashed')).toBe('reload');
    expect(ends.add('crashed')).toBe('ask');
  });

  test('the next page is told what ended, once, and a first start nothing', () => {
    const { ends } = endsAt();
    expect(ends.takeEnd()?.problem).toBeUndefined();
    ends.add('oom');
    expect(ends.takeEnd()?.problem).toMatchObject({
      message: expect.stringContaining('out of memory') as string,
      advice: expect.stringContaining('File > Open') as string,
    });
    expect(ends.takeEnd()?.problem).toBeUndefined();
  });
});
