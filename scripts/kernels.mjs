// Compiles AssemblyScript to modules that anything imports: npm run kernels
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const FOLDER = join(import.meta.dirname, '../renderer/refine/kernels');
const COLUMNS = 100;
const OPTIONS = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--converge', '--noAssert', '--use', 'abort='];

/** The text of `NAME-kernels.ts`, compiled from `NAME.kernel.ts`. Throws the compiler's words. */
export async function compileKernels(name) {
  const source = await readFile(join(FOLDER, `${name}.kernel.ts`), 'utf8');
  let bytes;
  const { error, stderr } = await asc.main([`${name}.kernel.ts`, '--outFile', 'out.wasm', ...OPTIONS], {
    readFile: (file) => (file === `${name}.kernel.ts` ? source : null),
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
  await writeFile(join(FOLDER, 'fragment-kernels.ts'), await compileKernels('fragment'));
