import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderGuide } from '../../../scripts/guide.mjs';

it('makes headings that can be found, lists, tables and marks', () => {
  const html = renderGuide(
    '# Guide\n\n## 1. Open\n\n*File > Open…*, `F`\n\n- one\n\n| | |\n|---|---|\n| `L` | split |\n',
  );
  expect(html).toContain('<h3 id="guide-1">1. Open</h3>');
  expect(html).toContain('<em>File &gt; Open…</em>, <code>F</code>');
  expect(html).toContain('<li>one</li>');
  expect(html).toContain('<td>split</td>');
  expect(html).not.toContain('<thead>');
  expect(html).not.toContain('<h1');
  expect(renderGuide('| a |\n|---|\n| b |\n')).toContain('<th>a</th>');
});

it('leads nowhere and runs nothing', () => {
  expect(renderGuide('[the *command* line](cli.md) and <https://a.example>')).toBe(
    '<p>the <em>command</em> line and https://a.example</p>\n',
  );
  expect(renderGuide('[x](javascript:alert(1))')).toBe('<p>x</p>\n');
  for (const text of ['a <b onclick="x()">b</b>', '<script>x()</script>', '![a](b.png)'])
    expect(() => renderGuide(text)).toThrow('which the app does not show');
});

it('makes the whole guide, of nothing but a few kinds of elements', () => {
  const html = renderGuide(readFileSync(join(import.meta.dirname, '../../../docs/guide.md'), 'utf8'));
  const tags = new Set([...html.matchAll(/<(\w+)/g)].map((match) => match[1]));
  const known = ['h3', 'p', 'ul', 'ol', 'li', 'em', 'strong', 'code', 'table', 'thead', 'tbody', 'tr', 'th', 'td'];
  expect([...tags].filter((tag) => !known.includes(tag))).toEqual([]);
  expect([...html.matchAll(/<h3 id="guide-\d+">/g)].length).toBeGreaterThan(8);
});
