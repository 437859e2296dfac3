/**
 * Commands that the app itself does, in a hidden window: the kinds of renderer/bridge/jobs.ts, of which `refine` needs
 * the app on one device only. A unit test holds the two together.
 */
const APP_COMMANDS = ['render', 'metrics', 'video'];

/** Whether a command line must be told which Electron to start. */
export function needsTheApp([command, ...args]) {
  const wantsWebGpu = args.some(
    (argument, i) => argument === '--device=webgpu' || (argument === '--device' && args[i + 1] === 'webgpu'),
  );
  return APP_COMMANDS.includes(command) || (command === 'refine' && wantsWebGpu);
}
