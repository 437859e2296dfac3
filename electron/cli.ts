import { SplatError, toSplatError } from '../renderer/core/errors.ts';
import { exitCodeOf } from './cli/cancel.ts';
import { convert } from './cli/convert.ts';
import { info } from './cli/info.ts';
import { metrics } from './cli/metrics.ts';
import { refine } from './cli/refine.ts';
import { render } from './cli/render.ts';
import { report } from './cli/report.ts';
import { serve } from './cli/serve.ts';
import { terminal } from './cli/terminal.ts';
import { USAGE } from './cli/usage.ts';
import { video } from './cli/video.ts';

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  info,
  convert,
  refine,
  report,
  serve,
  render,
  metrics,
  video,
};

async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || args.includes('--help') || name === '--help') {
    terminal.result(USAGE);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new SplatError('usage', `There is no command "${name}".`, 'See splatformer --help.');
  return command(args);
}

// A reader that is gone, as `head` soon is, is no failure to tell; the exit code says so as a shell does.
process.stdout.on('error', () => (process.exitCode = exitCodeOf('SIGPIPE')));
process.stderr.on('error', () => undefined);
try {
  const exitCode = await main(process.argv.slice(2));
  // The reader may have gone while the command went on.
  process.exitCode ??= exitCode;
} catch (error) {
  const failure = toSplatError(error, 'io', 'The command failed');
  terminal.note(`splatformer: ${failure.sentence}`);
  process.exitCode = failure.code === 'usage' ? 2 : 1;
}
