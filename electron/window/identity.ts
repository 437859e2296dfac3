import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';

/** The icon that comes with an installed app. */
export function iconFile(): string | undefined {
  const file = join(process.resourcesPath, 'icon.png');
  return app.isPackaged && existsSync(file) ? file : undefined;
}

/** What Help > About shows. */
export function describeAbout(): void {
  const icon = iconFile();
  app.setAboutPanelOptions({
    applicationName: app.getName(),
    applicationVersion: app.getVersion(),
    copyright: 'MIT licence. What comes with it has licences of its own.',
    ...(icon === undefined ? {} : { iconPath: icon }),
  });
}
