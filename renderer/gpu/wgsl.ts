import { SplatError } from '../core/errors.ts';

/** A shader module's text and what its declarations say: nothing about layout is typed a second time in TypeScript. */
export interface Wgsl {
  readonly code: string;
  /** Binding number by variable name; all bindings are in group 0. */
  readonly bindings: ReadonlyMap<string, number>;
}

/**
 * Replaces each `#include "name.wgsl"` by the file of that name, once per module.
 * @param common text by file name
 */
export function composeWgsl(source: string, common: Readonly<Record<string, string>>): Wgsl {
  const included = new Set<string>();
  const expand = (text: string): string =>
    text.replace(/^#include "([^"]+)"$/gm, (_, name: string) => {
      if (included.has(name)) return '';
      included.add(name);
      const file = common[name];
      if (file === undefined)
        throw new SplatError('gpu-error', `The shader file ${name} is included but does not exist.`);
      return expand(file);
    });
  const code = expand(source);
  const bindings = new Map<string, number>();
  for (const match of code.matchAll(/@group\(0\) @binding\((\d+)\) var(?:<[^>]*>)? (\w+)/g))
    bindings.set(match[2], Number(match[1]));
  return { code, bindings };
}

/** Bind group for a pipeline of automatic layout, resources given by the names they have in the shader. */
export function bindByName(
  device: GPUDevice,
  pipeline: GPUPipelineBase,
  wgsl: Wgsl,
  resources: Readonly<Record<string, GPUBindingResource>>,
): GPUBindGroup {
  const entries = Object.entries(resources).map(([name, resource]) => {
    const binding = wgsl.bindings.get(name);
    if (binding === undefined) throw new SplatError('gpu-error', `The shader has no binding named ${name}.`);
    return { binding, resource };
  });
  return device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
}

/** Size and alignment in bytes of the types that the host shares with shaders. */
const TYPES: Readonly<Record<string, readonly [size: number, align: number]>> = {
  f32: [4, 4],
  u32: [4, 4],
  vec2f: [8, 8],
  vec3f: [12, 16],
  vec4f: [16, 16],
};

export interface StructLayout {
  /** Bytes, rounded up to the struct's alignment. */
  readonly size: number;
  /** Byte offset by member name. */
  readonly offsets: ReadonlyMap<string, number>;
}

/** Layout of a struct of scalars and vectors by the rules of the WGSL specification (alignment and size). */
export function structLayout(wgsl: Wgsl, name: string): StructLayout {
  const body = new RegExp(`struct ${name} \\{([^}]*)\\}`).exec(wgsl.code)?.[1];
  if (body === undefined) throw new SplatError('gpu-error', `The shader has no struct named ${name}.`);
  const offsets = new Map<string, number>();
  let end = 0;
  let largestAlign = 4;
  for (const match of body.replace(/\/\/.*$/gm, '').matchAll(/(\w+)\s*:\s*(\w+)/g)) {
    const type = TYPES[match[2]];
    if (type === undefined)
      throw new SplatError('gpu-error', `The struct ${name} holds the type ${match[2]}, whose layout is not known.`);
    const [size, align] = type;
    const offset = Math.ceil(end / align) * align;
    offsets.set(match[1], offset);
    end = offset + size;
    largestAlign = Math.max(largestAlign, align);
  }
  return { size: Math.ceil(end / largestAlign) * largestAlign, offsets };
}
