import type { SplatScene } from '../core/splat-scene.ts';
import { shRestCount } from '../core/splat-scene.ts';
import type { UpAxis } from '../core/up-axes.ts';

/** The axes of an SPZ file, as its extension SPZ_ADOBE_coordinate_system names them. */
export interface SpzFrame {
  readonly up: UpAxis;
  /** The axes are left-handed: what is stored is the mirror image of the scene. */
  readonly isMirrored: boolean;
}

/** The type of the extension, whose four bytes are the place of a frame in the list below; 0 stands for none. */
const COORDINATE_SYSTEM = 0xadbe0003;
/** Directions of x, y and z: Left, Right, Down, Up, Back, Forward. */
const FRAMES = 'LDB RDB LUB RUB LDF RDF LUF RUF LFD RFD LFU RFU LBD RBD LBU RBU'.split(' ');
/** The record of a file whose axes are right, up, back. Readers that know no extensions stop before it. */
export const RIGHT_UP_BACK_RECORD = frameRecord('RUB');

/** Letters of the positive directions of right, up, back, which are right-handed, with the axis of each. */
const DIRECTIONS = { R: [0, 1], L: [0, -1], U: [1, 1], D: [1, -1], B: [2, 1], F: [2, -1] } as const;

/**
 * Reads the frame from an SPZ file's records of extensions: type, length and payload, one after the other.
 * @returns undefined where none names a frame that is known
 */
export function frameOfExtensions(records: Uint8Array): SpzFrame | undefined {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  for (let at = 0; at + 8 <= records.byteLength;) {
    const [type, length] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    if (type === COORDINATE_SYSTEM && length === 4 && at + 12 <= records.byteLength)
      return frameNamed(FRAMES[view.getUint32(at + 8, true) - 1]);
    at += 8 + length;
  }
  return undefined;
}

function frameRecord(name: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(12));
  [COORDINATE_SYSTEM, 4, FRAMES.indexOf(name) + 1].forEach((value, i) => view.setUint32(4 * i, value, true));
  return new Uint8Array(view.buffer);
}

function frameNamed(name: string | undefined): SpzFrame | undefined {
  if (name === undefined) return undefined;
  const axes = [...name].map((letter) => DIRECTIONS[letter as keyof typeof DIRECTIONS]);
  const order = axes.map(([axis]) => axis).join('');
  const signs = axes.reduce((product, [, sign]) => product * sign, 1);
  const up = axes.findIndex(([axis]) => axis === 1);
  return {
    up: `${axes[up][1] < 0 ? '-' : ''}${'xyz'[up]}` as UpAxis,
    isMirrored: signs * (order === '012' ? 1 : -1) < 0,
  };
}

/** Signs of the real spherical harmonics of degrees 1-3, in INRIA's order, where z changes its sign. */
const MIRRORED = [1, -1, 1, 1, -1, 1, -1, 1, 1, -1, 1, -1, 1, -1, 1];

/**
 * Mirrors a scene of left-handed axes along z, so that it is seen as it is. The up axis turns round where it is z.
 */
export function mirrorAlongZ(scene: SplatScene): SplatScene {
  const width = 3 * shRestCount(scene.shDegree);
  const { up } = scene.meta;
  const turned = up === 'z' ? '-z' : up === '-z' ? 'z' : up;
  return {
    ...scene,
    meta: { ...scene.meta, up: turned },
    positions: scene.positions.map((value, at) => (at % 3 === 2 ? -value : value)),
    quats: scene.quats.map((value, at) => (at % 4 === 1 || at % 4 === 2 ? -value : value)),
    shRest: scene.shRest.map((value, at) => value * MIRRORED[Math.floor((at % width) / 3)]),
  };
}
