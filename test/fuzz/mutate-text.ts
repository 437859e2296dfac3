import type { Dice } from './random.ts';
import { anyNumber } from './mutate-bytes.ts';

const WORDS = [
  '',
  '0',
  '-1',
  '1e999',
  'nan',
  'inf',
  'NaN',
  '4294967296',
  '1e308',
  '-1e308',
  '0x10',
  'list',
  'uchar',
  '"',
];

/** Lines of words with one to four changes: words, lines, line ends. */
export function mutateText(text: string, dice: Dice): string {
  const lines = text.split('\n');
  let changes = 1;
  while (changes < 4 && dice.chance(0.4)) changes++;
  for (; changes > 0; changes--) changeLines(lines, dice);
  return lines.join(dice.chance(0.02) ? dice.pick(['\r\n', '\r', ' ']) : '\n');
}

function changeLines(lines: string[], dice: Dice): void {
  const at = dice.below(lines.length);
  switch (dice.below(8)) {
    case 0:
      lines.splice(at, 1);
      return;
    case 1:
      lines.splice(at, 0, dice.pick(lines));
      return;
    case 2:
      lines.splice(at, 0, ...Array.from({ length: dice.pick([2, 100, 2000]) }, () => lines[at]));
      return;
    case 3:
      if (dice.chance(0.2)) lines.length = at;
      return;
    default:
      lines[at] = changeWords(lines[at] ?? '', dice);
  }
}

function changeWords(line: string, dice: Dice): string {
  const words = line.split(' ');
  const at = dice.below(words.length);
  const word = words[at] ?? '';
  switch (dice.below(6)) {
    case 0:
      words.splice(at, 1);
      break;
    case 1:
      words.splice(at, 0, word);
      break;
    case 2:
      words[at] = word.replace(/\d+/, (digits) => String(Number(digits) + dice.below(5) - 2));
      break;
    case 3:
      words[at] = word.slice(0, -1);
      break;
    default:
      words[at] = dice.chance(0.5) ? dice.pick(WORDS) : String(anyNumber(dice));
  }
  return words.join(' ');
}
