/** Makes a start of the installed app a run of the command line; `--` keeps the rest from Chromium. */
const SWITCH = '--command-line';

/** What follows `--command-line --`, where that is how the executable was started; undefined for the app itself. */
export function argumentsOfCommand(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.indexOf(SWITCH);
  const end = argv.indexOf('--');
  return at >= 0 && end === at + 1 ? argv.slice(end + 1) : undefined;
}
