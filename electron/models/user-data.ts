import { join } from 'node:path';

/**
 * Where Electron puts the app's settings and models: its own rule (app.getPath('userData')), for programs that run
 * without it.
 */
export function userDataFolder(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  return join(applicationData(platform, environment, home), 'SplatFormer Desktop');
}

function applicationData(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === 'win32') return environment['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  return environment['XDG_CONFIG_HOME'] || join(home, '.config');
}
