import type { JsonFile } from '../core/json.ts';

/** A JSON file of cameras, for the words of what is wrong with it. */
export function cameraJson(name: string): JsonFile {
  return { name, what: 'a file of cameras', advice: 'Export the cameras again.' };
}
