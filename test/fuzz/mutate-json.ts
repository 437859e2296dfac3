import type { Dice } from './random.ts';
import { anyNumber, LARGEST_BYTES } from './mutate-bytes.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Stands in a tree for text that JSON.stringify would not write. */
const RAW = '\u0001raw:';
/** Numbers beyond the range, and what some programs write that is no JSON. */
const RAW_VALUES = [
  '1e999',
  '-1e999',
  '1e-400',
  'NaN',
  'Infinity',
  '-',
  '1.7976931348623157e308',
  '01',
  '{"a":1,"a":2}',
];
const TEXTS = ['', ' ', '0', '1', '../../x', '\u0000', 'a\nb', '__proto__', 'é'.repeat(300), 'data:;base64,AAAA'];

/** JSON with one to four changes of its tree; as it was where it is none. */
export function mutateJson(text: string, dice: Dice): string {
  let root: Json;
  try {
    root = JSON.parse(text) as Json;
  } catch {
    return text;
  }
  if (dice.chance(0.01)) return nested(text, dice);
  let changes = 1;
  while (changes < 4 && dice.chance(0.4)) changes++;
  for (; changes > 0; changes--) root = changed(root, dice);
  return JSON.stringify(root).replace(/"\\u0001raw:(?:[^"\\]|\\.)*"/g, (raw) =>
    (JSON.parse(raw) as string).slice(RAW.length),
  );
}

function nested(text: string, dice: Dice): string {
  const depth = dice.pick([100, 5000, 100_000]);
  const [open, close] = dice.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"children":[', ']}'],
  ]);
  const core = open.repeat(depth) + (dice.chance(0.9) ? '1' + close.repeat(depth) : '');
  if (dice.chance(0.5)) return core;
  const at = text.search(/[[{]/);
  return `${text.slice(0, at + 1)}${text[at] === '{' ? '"deep":' : ''}${core},${text.slice(at + 1)}`;
}

/** All places in the tree: who holds a value, under which key. */
function places(root: Json): [holder: Json[] | { [key: string]: Json }, key: string][] {
  const found: [Json[] | { [key: string]: Json }, string][] = [];
  const open: Json[] = [root];
  for (let node = open.pop(); node !== undefined && found.length < 5000; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    for (const key of Object.keys(node)) {
      found.push([node, key]);
      open.push((node as { [key: string]: Json })[key]);
    }
  }
  return found;
}

function changed(root: Json, dice: Dice): Json {
  const all = places(root);
  if (all.length === 0 || dice.chance(0.01)) return anyValue(root, dice);
  // A list of a thousand numbers must not draw all blows.
  const names = [...new Set(all.map(([holder, key]) => (Array.isArray(holder) ? '#' : key)))];
  const wanted = dice.pick(names);
  const alike = all.filter(([holder, key]) => (Array.isArray(holder) ? '#' : key) === wanted);
  const [holder, key] = dice.pick(dice.chance(0.5) ? alike : all);
  change(holder as { [key: string]: Json }, key, root, dice);
  return root;
}

function change(holder: { [key: string]: Json }, key: string, root: Json, dice: Dice): void {
  const value = holder[key];
  switch (dice.below(8)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 1:
      if (Array.isArray(holder)) holder.splice(Number(key), 0, copyOf(value));
      else holder[dice.pick([`${key}2`, '__proto__', '', 'constructor', key.toUpperCase()])] = copyOf(value);
      return;
    case 2: {
      const [from, name] = dice.pick(places(root));
      holder[key] = copyOf((from as { [key: string]: Json })[name]);
      return;
    }
    case 3:
      if (dice.chance(0.02)) holder[key] = crowd(value, dice);
      else if (typeof value === 'number') holder[key] = value + dice.pick([1, -1, 0.5, value, -2 * value]);
      return;
    default:
      holder[key] = anyValue(value, dice);
  }
}

function copyOf(value: Json): Json {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json);
}

/** As many of a value as fit into the largest input; as text, since a tree of it would cost more than its reader. */
function crowd(value: Json, dice: Dice): string {
  const unit = JSON.stringify(dice.chance(0.5) ? copyOf(value) : dice.pick<Json>([{}, [], 0, '', null, true]));
  const count = Math.floor((LARGEST_BYTES * 0.9) / (unit.length + 1));
  if (dice.chance(0.3)) {
    const fields = Array.from({ length: Math.floor(count / 4) }, (_, k) => `"k${k}":${unit}`);
    return `${RAW}{${fields.join(',')}}`;
  }
  return `${RAW}[${`${unit},`.repeat(Math.max(0, count - 1))}${unit}]`;
}

/** Mostly of the same kind, so that it gets past the first checks. */
function anyValue(value: Json, dice: Dice): Json {
  if (typeof value === 'number' && dice.chance(0.7)) {
    if (dice.chance(0.3)) return RAW + dice.pick(RAW_VALUES);
    const number = anyNumber(dice);
    return Number.isFinite(number) ? number : RAW + String(number);
  }
  if (typeof value === 'string' && dice.chance(0.7)) return dice.pick([...TEXTS, value + value, value.slice(1)]);
  if (Array.isArray(value) && dice.chance(0.6)) return dice.chance(0.3) ? [] : value.slice(0, dice.below(value.length));
  return dice.pick<Json>([null, true, false, 0, -1, 1.5, 'x', '', [], {}, [[]], [null], { a: null }, RAW + '1e999']);
}
