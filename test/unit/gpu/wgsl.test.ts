import { expect, test } from 'vitest';
import { shaderConstant, shaders } from '../../../renderer/gpu/shaders.ts';
import { composeWgsl, structLayout } from '../../../renderer/gpu/wgsl.ts';

test('includes are resolved once, nested ones too, and a missing one is named', () => {
  const common = { 'a.wgsl': '#include "b.wgsl"\nconst A = B;', 'b.wgsl': 'const B = 1;' };
  const { code } = composeWgsl('#include "a.wgsl"\n#include "b.wgsl"\nconst C = A;', common);
  expect(code.replace(/\s+/g, ' ').trim()).toBe('const B = 1; const A = B; const C = A;');
  expect(() => composeWgsl('#include "none.wgsl"', common)).toThrow(/none\.wgsl/);
});

test('struct layout follows the rules of WGSL', () => {
  const wgsl = composeWgsl(
    'struct S {\n  a: f32, // a: vec4f in words only\n  b: vec3f,\n' +
      '  c: f32,\n  d: vec2f,\n}\nstruct Bad { m: mat4x4f }',
    {},
  );
  const { size, offsets } = structLayout(wgsl, 'S');
  expect(Object.fromEntries(offsets)).toEqual({ a: 0, b: 16, c: 28, d: 32 });
  expect(size).toBe(48);
  expect(() => structLayout(wgsl, 'Bad')).toThrow(/mat4x4f/);
  expect(() => structLayout(wgsl, 'Missing')).toThrow(/Missing/);
});

test('bindings are found by name', () => {
  expect(Object.fromEntries(shaders.project.bindings)).toEqual({
    frame: 0,
    chunk: 1,
    splats: 2,
    harmonics: 3,
    keys: 4,
    records: 5,
  });
  expect(shaders.present.bindings.get('accumulated')).toBe(1);
});

test('no stage binds more storage buffers than every WebGPU device has', () => {
  for (const { code } of Object.values(shaders)) expect(code.match(/var<storage/g)?.length ?? 0).toBeLessThanOrEqual(8);
});

test('sizes shared with the host are read from the shaders', () => {
  expect(shaderConstant(shaders.sortScatter.code, 'TILE')).toBe(
    shaderConstant(shaders.sortScatter.code, 'ROUNDS') * 256,
  );
  expect(structLayout(shaders.draw, 'Record').size).toBe(20);
  // The near distance fills what a vec3f leaves of its 16 bytes.
  expect(structLayout(shaders.draw, 'Frame').offsets.get('near')).toBe(60);
  expect(structLayout(shaders.draw, 'Frame').size).toBe(112);
});
