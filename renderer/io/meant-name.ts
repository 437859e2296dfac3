/**
 * The name among `names` that a description means by `wanted`: itself, else the one that differs by what systems
 * disagree about, which is slashes, case, and whether a letter with an accent is one character or two.
 */
export function meantName(wanted: string, names: readonly string[]): string | undefined {
  if (names.includes(wanted)) return wanted;
  const key = keyOf(wanted);
  return names.find((name) => keyOf(name) === key);
}

/** The parts of a path as a file has it, whatever system wrote it. */
export function pathParts(path: string): string[] {
  return path.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
}

function keyOf(path: string): string {
  return pathParts(path).join('/').normalize('NFC').toLowerCase();
}
