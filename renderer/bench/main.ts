import { BenchAdapter } from './bench-adapter.ts';

declare global {
  interface Window {
    /** There when the page is ready. */
    adapter?: BenchAdapter;
    /** Why it never will be, in a sentence. */
    adapterError?: string;
  }
}

try {
  window.adapter = await BenchAdapter.open(document.querySelector<HTMLCanvasElement>('#picture')!);
} catch (error) {
  window.adapterError = error instanceof Error ? error.message : String(error);
}
