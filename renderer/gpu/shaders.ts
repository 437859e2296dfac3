import chunk from '../../shaders/common/chunk.wgsl?raw';
import frame from '../../shaders/common/frame.wgsl?raw';
import projectSplat from '../../shaders/common/project-splat.wgsl?raw';
import record from '../../shaders/common/record.wgsl?raw';
import slots from '../../shaders/common/slots.wgsl?raw';
import sort from '../../shaders/common/sort.wgsl?raw';
import sphericalHarmonics from '../../shaders/common/spherical-harmonics.wgsl?raw';
import splat from '../../shaders/common/splat.wgsl?raw';
import tiles from '../../shaders/common/tiles.wgsl?raw';
import compare from '../../shaders/compare.wgsl?raw';
import draw from '../../shaders/draw.wgsl?raw';
import lines from '../../shaders/lines.wgsl?raw';
import present from '../../shaders/present.wgsl?raw';
import project from '../../shaders/project.wgsl?raw';
import projectOrdered from '../../shaders/project-ordered.wgsl?raw';
import projectSlots from '../../shaders/project-slots.wgsl?raw';
import sortCount from '../../shaders/sort-count.wgsl?raw';
import sortHistogramSerial from '../../shaders/sort-histogram-serial.wgsl?raw';
import sortHistogram from '../../shaders/sort-histogram.wgsl?raw';
import sortScanSerial from '../../shaders/sort-scan-serial.wgsl?raw';
import sortScan from '../../shaders/sort-scan.wgsl?raw';
import sortScatterSerial from '../../shaders/sort-scatter-serial.wgsl?raw';
import sortScatter from '../../shaders/sort-scatter.wgsl?raw';
import tileBlend from '../../shaders/tile-blend.wgsl?raw';
import tileCount from '../../shaders/tile-count.wgsl?raw';
import tileOffsets from '../../shaders/tile-offsets.wgsl?raw';
import tileResolve from '../../shaders/tile-resolve.wgsl?raw';
import tileScan from '../../shaders/tile-scan.wgsl?raw';
import tileScatter from '../../shaders/tile-scatter.wgsl?raw';
import { composeWgsl } from './wgsl.ts';

const common = {
  'chunk.wgsl': chunk,
  'frame.wgsl': frame,
  'project-splat.wgsl': projectSplat,
  'record.wgsl': record,
  'slots.wgsl': slots,
  'sort.wgsl': sort,
  'spherical-harmonics.wgsl': sphericalHarmonics,
  'splat.wgsl': splat,
  'tiles.wgsl': tiles,
};

/** The modules of all passes, includes resolved. */
export const shaders = {
  project: composeWgsl(project, common),
  projectOrdered: composeWgsl(projectOrdered, common),
  projectSlots: composeWgsl(projectSlots, common),
  sortHistogram: composeWgsl(sortHistogram, common),
  sortHistogramSerial: composeWgsl(sortHistogramSerial, common),
  sortScan: composeWgsl(sortScan, common),
  sortScanSerial: composeWgsl(sortScanSerial, common),
  sortCount: composeWgsl(sortCount, common),
  sortScatter: composeWgsl(sortScatter, common),
  sortScatterSerial: composeWgsl(sortScatterSerial, common),
  draw: composeWgsl(draw, common),
  tileCount: composeWgsl(tileCount, common),
  tileScan: composeWgsl(tileScan, common),
  tileOffsets: composeWgsl(tileOffsets, common),
  tileScatter: composeWgsl(tileScatter, common),
  tileBlend: composeWgsl(tileBlend, common),
  tileResolve: composeWgsl(tileResolve, common),
  present: composeWgsl(present, common),
  lines: composeWgsl(lines, common),
  compare: composeWgsl(compare, common),
};

/** Number after `const NAME =` in a module: sizes that host and shader must share live in the shader alone. */
export function shaderConstant(code: string, name: string): number {
  const match = new RegExp(`const ${name} = (\\d+)u?;`).exec(code);
  if (match === null) throw new RangeError(`No constant ${name} in the shader.`);
  return Number(match[1]);
}
