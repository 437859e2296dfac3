import type { Point } from './slope.ts';

export interface Chart {
  readonly title: string;
  readonly lines: Readonly<Record<string, readonly Point[]>>;
}

const WIDTH = 760;
const HEIGHT = 260;
const MARGIN = { left: 56, right: 110, top: 34, bottom: 30 };
const COLOURS = ['#2563a8', '#b4511e', '#2f7d4f', '#7a4ca0', '#8a6d1b', '#555b66', '#a8325e'];

/** Draws charts one below the other, time in minutes to the right, as an SVG picture. */
export function drawCharts(charts: readonly Chart[]): string {
  const body = charts.map((chart, i) => `<g transform="translate(0 ${i * HEIGHT})">${drawChart(chart)}</g>`).join('\n');
  const height = HEIGHT * charts.length;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" ` +
    `font-size="11">\n<rect width="${WIDTH}" height="${height}" fill="#fff"/>\n${body}\n</svg>\n`
  );
}

function drawChart({ title, lines }: Chart): string {
  const points = Object.values(lines).flat();
  const lastMinute = Math.max(1, ...points.map(([minutes]) => minutes));
  const most = roundUp(Math.max(1, ...points.map(([, value]) => value)));
  const x = (minutes: number): number => MARGIN.left + (minutes / lastMinute) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number): number => HEIGHT - MARGIN.bottom - (value / most) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const parts = [`<text x="${MARGIN.left}" y="18" font-size="13" font-weight="bold">${title}</text>`];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const at = y(share * most).toFixed(1);
    parts.push(`<path d="M${MARGIN.left} ${at}H${WIDTH - MARGIN.right}" stroke="#ddd"/>`);
    parts.push(`<text x="${MARGIN.left - 6}" y="${at}" dy="4" text-anchor="end">${share * most}</text>`);
    const across = x(share * lastMinute).toFixed(1);
    const minute = (share * lastMinute).toFixed(lastMinute < 10 ? 1 : 0);
    parts.push(`<text x="${across}" y="${HEIGHT - 12}" text-anchor="middle">${minute} min</text>`);
  }
  // Names beside the ends of their lines, pushed apart where they would cover one another.
  let free = HEIGHT;
  const entries = Object.entries(lines).filter(([, line]) => line.length > 0);
  const byEnd = entries.map(([name, line], i) => ({ name, line, colour: COLOURS[i % COLOURS.length] }));
  byEnd.sort((a, b) => (a.line.at(-1)?.[1] ?? 0) - (b.line.at(-1)?.[1] ?? 0));
  for (const { name, line, colour } of byEnd) {
    const path = line.map(([minutes, value]) => `${x(minutes).toFixed(1)} ${y(value).toFixed(1)}`).join('L');
    parts.push(`<path d="M${path}" fill="none" stroke="${colour}" stroke-width="1.2"/>`);
    free = Math.min(y(line.at(-1)?.[1] ?? 0), free - 13);
    parts.push(`<text x="${WIDTH - MARGIN.right + 6}" y="${free.toFixed(1)}" dy="4" fill="${colour}">${name}</text>`);
  }
  return parts.join('\n');
}

/** The next of 1, 2, 4, 8 or 10 times a power of ten: quarters of it are short numbers. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 8].find((step) => step * power >= value) ?? 10) * power;
}
