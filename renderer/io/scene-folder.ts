import { OWN_SCENE_EXTENSIONS } from './formats.ts';

/** An entry of a folder, as Node lists them. */
interface Entry {
  readonly name: string;
  isDirectory(): boolean;
}

/** Endings of descriptions whose numbers lie in files beside them. */
const DESCRIPTION = /\.(gltf|lcc2?)$/i;

/**
 * The name of the file by which a folder opens that is one scene: SOG's `lod-meta.json`, or `meta.json` with pictures,
 * whatever else is there; else a .gltf, .lcc or .lcc2 that is the only scene. Undefined where it is none, or several.
 */
export function descriptionAmong(entries: readonly Entry[]): string | undefined {
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const named = (wanted: string): string | undefined => names.find((name) => name.toLowerCase() === wanted);
  const hasPictures = names.some((name) => name.toLowerCase().endsWith('.webp'));
  const sog = named('lod-meta.json') ?? (hasPictures ? named('meta.json') : undefined);
  if (sog !== undefined) return sog;
  const scenes = names.filter((name) => OWN_SCENE_EXTENSIONS.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase()));
  return scenes.length === 1 && DESCRIPTION.test(scenes[0]) ? scenes[0] : undefined;
}
