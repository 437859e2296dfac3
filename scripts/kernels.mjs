// Compiles AssemblyScript to modules that anything imports: npm run kernels
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import asc from 'assemblyscript/asc';
import { ROOT } from './setup/process.mjs';

/** Sources, `FOLDER/NAME.kernel.ts`, of which `FOLDER/NAME-kernels.ts` are made. */
export const SOURCES = ['renderer/refine/kernels/fragment', 'renderer/gpu/kernels/pack'];
const COLUMNS = 100;
const OPTIONS = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--converge', '--noAssert', '--use', 'abort='];

/** The text of a source's module. Throws the compiler's words. */
export async function compileKernels(source) {
  const name = basename(source);
  const text = await readFile(join(ROOT, `${source}.kernel.ts`), 'utf8');
  let bytes;
  const { error, stderr } = await asc.main([`${name}.kernel.ts`, '--outFile', 'out.wasm', ...OPTIONS], {
    readFile: (file) => (file === `${name}.kernel.ts` ? text : null),
    writeFile: (_file, contents) => void (bytes = contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(new RegExp(`.{1,${COLUMNS}}`, 'g'));
  return [
    `/** WebAssembly that \`npm run kernels\` makes of ${name}.kernel.ts, in base64. */`,
    'export const KERNELS = `',
    ...lines,
    '`;',
    '',
  ].join('\n');
}

if (import.meta.filename === process.argv[1])
  for (const source of SOURCES) await writeFile(join(ROOT, `${source}-kernels.ts`), await compileKernels(source));
