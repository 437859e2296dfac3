// What signs and notarises, by the environment variables that electron-builder reads itself.

/** Whether this build can be signed and notarised, and what to tell where it can't. */
export function signingFromEnvironment(platform, env) {
  if (platform === 'linux') return { signs: false, notarises: false };
  const has = (...names) => names.every((name) => (env[name] ?? '') !== '');
  const signs = has('CSC_LINK') || has('CSC_NAME') || (platform === 'win32' && has('WIN_CSC_LINK'));
  const notarises =
    platform === 'darwin' &&
    signs &&
    (has('APPLE_API_KEY', 'APPLE_API_KEY_ID', 'APPLE_API_ISSUER') ||
      has('APPLE_ID', 'APPLE_APP_SPECIFIC_PASSWORD', 'APPLE_TEAM_ID'));
  if (!signs) return { signs, notarises, sentence: 'Not signed: CSC_LINK (or CSC_NAME) names no certificate.' };
  if (platform === 'darwin' && !notarises)
    return {
      signs,
      notarises,
      sentence: 'Not notarised: neither the APPLE_API_KEY nor the APPLE_ID variables are set.',
    };
  return { signs, notarises };
}
