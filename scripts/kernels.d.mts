/** Sources, `FOLDER/NAME.kernel.ts`, of which `FOLDER/NAME-kernels.ts` are made. */
export declare const SOURCES: readonly string[];
/** The text of a source's module. Throws the compiler's words. */
export declare function compileKernels(source: string): Promise<string>;
