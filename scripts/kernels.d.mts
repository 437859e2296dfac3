/** The text of `NAME-kernels.ts`, compiled from `NAME.kernel.ts`. Throws the compiler's words. */
export declare function compileKernels(name: string): Promise<string>;
