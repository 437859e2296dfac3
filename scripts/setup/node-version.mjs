// Which Node runs the project.

/**
 * Whether the scripts go on with a version of Node: `yes`, `warn` or `no`, and for the latter two why, in a sentence.
 * The dependencies ask for 22.12 or newer. Node 20 runs them from 20.19 on, which took over what they need of 22; 21
 * and the first releases of 22 never got it.
 * @param version as `process.version` says it
 */
export function judgeNode(version) {
  const plain = version.replace(/^v/, '');
  const [major, minor] = plain.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return { goOn: 'yes' };
  if (major === 20 && minor >= 19) {
    return {
      goOn: 'warn',
      sentence: `Node ${plain} still works, but it is past its end of life: install Node 22.12 or newer.`,
    };
  }
  return { goOn: 'no', sentence: `Node ${plain} is too old. Install Node 22.12 or newer and run the command again.` };
}
