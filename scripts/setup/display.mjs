// A virtual display for machines without one.
import { whenUnused } from './display-clients.mjs';
import { SetUpError } from './process.mjs';
import { start, tellDisplay } from './programs.mjs';

const START_MS = 20_000;

/** Whether a program with a window needs Xvfb to run here. */
export function needsVirtualDisplay(env = process.env) {
  return process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY;
}

/**
 * Starts Xvfb on a free display number. Resolves with the DISPLAY value and an asynchronous function that ends it once
 * the programs on it are gone: one that its starter did not wait for is still about to clean up.
 */
export function startVirtualDisplay({ width = 1440, height = 900 } = {}) {
  return new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'];
    // Ctrl-C must not reach it: programs need their display until they are gone.
    const server = start('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], isBackground: true });
    const kill = () => server.kill();
    const timer = setTimeout(() => {
      kill();
      reject(
        new SetUpError(
          'The virtual display (Xvfb) did not start in time. Set DISPLAY to a running display, or try again.',
        ),
      );
    }, START_MS);
    server.on('error', () => {
      clearTimeout(timer);
      reject(new SetUpError('There is no display and Xvfb is not installed. Type: sudo apt-get install -y xvfb'));
    });
    let digits = '';
    server.stdio[3].on('data', (chunk) => {
      digits += String(chunk);
      if (!digits.includes('\n')) return;
      clearTimeout(timer);
      process.on('exit', kill);
      const display = `:${digits.trim()}`;
      tellDisplay(server, display);
      resolve({ display, stop: () => whenUnused(display).then(kill) });
    });
  });
}
