import { SplatError } from '../core/errors.ts';
import type { NamedContent } from '../io/name-content.ts';
import { isLlffPoses, isText, nameContent } from '../io/name-content.ts';

const KNOWN =
  'Choose cameras.json (INRIA), transforms.json (nerfstudio, instant-ngp) ' +
  "or COLMAP's cameras and images (.txt or .bin).";
const AS_COLMAP = 'Export the cameras as a COLMAP model, and choose its images file.';
const AS_ONE_FILE = 'Make a transforms.json of all photos, as ns-process-data polycam does.';
const AS_PHOTOS = 'Choose the transforms.json of the photos that the scene was trained on.';
const MODEL_BESIDE = 'Choose the images or cameras file of the COLMAP model (often in sparse/0).';
const COLMAP_BINARY = /^(cameras|images).*\.bin$/i;
const OTHER_PART = /^(points3D|rigs|frames)\b.*\.(bin|txt)$/i;

/** Files of cameras and of COLMAP that are not read, by their beginnings as Latin-1. */
const BEGINNINGS: readonly (readonly [RegExp, NamedContent])[] = [
  [/^# Bundle file/, { what: 'a file of cameras of Bundler', advice: AS_COLMAP }],
  [/^NVM_V/, { what: 'a file of cameras of VisualSFM', advice: AS_COLMAP }],
  [/^#?\s*name\s*,\s*x\s*,/i, { what: 'a table of cameras of RealityCapture (RealityScan)', advice: AS_COLMAP }],
  [/^(<\?xml[^>]*>\s*)?<document\b/, { what: 'a file of cameras of Metashape', advice: AS_COLMAP }],
  [/^\s*\[\s*\{\s*"cameras"\s*:/, { what: "OpenSfM's reconstruction (OpenDroneMap)", advice: AS_COLMAP }],
  [/^\s*\{\s*"version"\s*:\s*\[/, { what: 'a file of cameras of AliceVision (Meshroom)', advice: AS_COLMAP }],
  [/^\s*\{[^{[]*"t_00"\s*:/, { what: "the camera of one photo, as Polycam's raw data have them", advice: AS_ONE_FILE }],
  [/^\s*\{\s*"(default_fov|keyframes|camera_type)"\s*:/, { what: "nerfstudio's path of a camera", advice: AS_PHOTOS }],
  [/^SQLite format 3/, { what: "a database, such as COLMAP's of features", advice: MODEL_BESIDE }],
  [/^ply[ \t]*[\r\n]/, { what: 'a PLY', advice: KNOWN }],
];

/**
 * Whether a file bears the mark or the name of something that is no camera file. COLMAP's binary files have no mark:
 * their names tell, and lines of its points look like lines of images.
 */
export function isKnownOtherwise(name: string, head: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(head);
  if (isOtherPartOfColmap(name, text) || BEGINNINGS.some(([pattern]) => pattern.test(text))) return true;
  // A count of images may look like a mark.
  return !COLMAP_BINARY.test(name) && !isText(head) && nameContent(head) !== undefined;
}

function isOtherPartOfColmap(name: string, text: string): boolean {
  return OTHER_PART.test(name) || /^# (3D point|Rig|Frame)\b/m.test(text);
}

/** The failure for a file, by its first bytes, that holds no cameras or holds them in a form that is not read. */
export function notCameras(name: string, head: Uint8Array): SplatError {
  const named = namedAs(name, head);
  const but = named === undefined ? '' : ` but ${named.what}`;
  return new SplatError(
    'unknown-format',
    `${name} is no camera file that is known here${but}.`,
    named?.advice ?? KNOWN,
  );
}

function namedAs(name: string, head: Uint8Array): NamedContent | undefined {
  const text = new TextDecoder('latin1').decode(head);
  if (isOtherPartOfColmap(name, text))
    return { what: 'another part of a COLMAP model (points, rigs or frames)', advice: MODEL_BESIDE };
  if (isLlffPoses(text))
    return {
      what: "an array of NumPy with LLFF's poses of photos",
      advice: 'Choose the COLMAP model that they were made from (sparse/0), or a transforms.json of the same photos.',
    };
  const beginning = BEGINNINGS.find(([pattern]) => pattern.test(text));
  if (beginning !== undefined) return beginning[1];
  const what = nameContent(head)?.what;
  if (what === 'a file of cameras') return { what: 'a file of cameras in another form', advice: KNOWN };
  return what === undefined ? undefined : { what, advice: KNOWN };
}
