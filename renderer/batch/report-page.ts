import { sentenceOf } from '../core/errors.ts';
import { formatBytes, formatDuration, formatCount } from '../core/units.ts';
import { FORMAT_WORDS } from '../core/writable-formats.ts';
import type { ItemResult } from './queue.ts';
import type { BatchReport, ReportedFile } from './report.ts';
import { STATE_LABELS, UP_LABELS, countsText } from './words.ts';

/** The report as one HTML file: no script, nothing fetched, readable in any browser and on paper. */
export function reportPage(report: BatchReport): string {
  const { settings, summary, files } = report;
  const facts: readonly (readonly [string, string])[] = [
    ['Files', countsText(summary.states)],
    ['Splats refined', formatCount(summary.splats)],
    ['Computing time', formatDuration(summary.milliseconds)],
    ['Written', formatBytes(summary.outputBytes)],
    ['Model', `${settings.model}, strength ${Math.round(settings.strength * 100)} %`],
    ['Up axis', UP_LABELS[settings.up]],
    ['Format', FORMAT_WORDS[settings.format as keyof typeof FORMAT_WORDS].label],
    ['Output folder', settings.outputFolder],
    ['Made', `${report.created.slice(0, 16).replace('T', ' ')} UTC, ${report.app}`],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Batch report</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Batch report</h1>
<dl>
${facts.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`).join('\n')}
</dl>
<table>
<thead>
<tr>
<th scope="col">Scene</th><th scope="col">State</th><th scope="col" class="n">Splats</th>
<th scope="col" class="n">Time</th><th scope="col" class="n">Mean move</th><th scope="col">Result</th>
</tr>
</thead>
<tbody>
${files.map(row).join('\n')}
</tbody>
</table>
</body>
</html>
`;
}

function row({ input, output, state, milliseconds, result, error }: ReportedFile): string {
  const cells = [
    `<th scope="row" title="${text(input)}">${text(nameOf(input))}</th>`,
    `<td class="${state}">${STATE_LABELS[state]}</td>`,
    `<td class="n">${result === undefined ? '' : formatCount(result.splats)}</td>`,
    `<td class="n">${milliseconds === undefined ? '' : formatDuration(milliseconds)}</td>`,
    `<td class="n">${result?.meanChange['means'] === undefined ? '' : result.meanChange['means'].toPrecision(2)}</td>`,
    error === undefined
      ? `<td title="${text(output ?? '')}">${result === undefined ? '' : resultText(output ?? '', result)}</td>`
      : `<td>${text(sentenceOf(error))}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}

function resultText(output: string, { outputBytes, invalidPassedThrough, notes = [] }: ItemResult): string {
  const invalid =
    invalidPassedThrough > 0 ? `, ${formatCount(invalidPassedThrough)} invalid splats left as they were` : '';
  return [`${text(nameOf(output))} (${formatBytes(outputBytes)}${invalid})`, ...notes.map(text)].join('<br>');
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1b1f24; --quiet: #5b6570; --ground: #fff; --line: #dfe3e8; --good: #14735f; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e7eb; --quiet: #98a1ac; --ground: #14171a; --line: #2c3138; --good: #4fb8a3; --bad: #f0796b; }
}
body {
  max-width: 1200px; margin: 40px auto; padding: 0 24px; background: var(--ground); color: var(--text);
  font: 14px/1.5 system-ui, 'Segoe UI', sans-serif;
}
h1 { font-size: 22px; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 14px 28px; margin: 0 0 28px; }
dt { color: var(--quiet); font-size: 12px; }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td {
  padding: 7px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  overflow-wrap: anywhere;
}
th { font-weight: 600; }
thead th { color: var(--quiet); font-size: 12px; white-space: nowrap; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.done { color: var(--good); }
.failed { color: var(--bad); }
.queued, .skipped, .cancelled { color: var(--quiet); }
`;
