/** The part of Khronos's validator that tests use; the package brings no types. */
declare module 'gltf-validator' {
  interface Message {
    readonly code: string;
    readonly message: string;
    /** 0 for errors, 1 for warnings, 2 for information, 3 for hints. */
    readonly severity: number;
    readonly pointer?: string;
  }

  export function validateBytes(
    bytes: Uint8Array,
    options?: { readonly externalResourceFunction?: (uri: string) => Promise<Uint8Array> },
  ): Promise<{ readonly issues: { readonly messages: readonly Message[] } }>;
}
