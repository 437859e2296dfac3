import { z } from 'zod';
import { listOf } from '../core/list-of.ts';
import type { Answer } from './answer.ts';

type Call = (...parameters: never[]) => unknown;

/**
 * A message from the page to main, said once: its parameters and its value as the type of a function, and a schema for
 * each parameter. Preload script, handlers and page take their types from it.
 */
export interface Message<Handler extends Call, Page extends Call = Handler> {
  /** Checks the parameters as they arrive; a message that does not fit never reaches its handler. */
  readonly parameters: z.ZodType<Parameters<Handler>>;
  /** Types alone, no value: the call as main handles it, and as the page makes it. */
  readonly call?: { readonly handler: Handler; readonly page: Page };
}

/** A message whose handler has the type `F`, with the schema of each parameter. */
export function message<F extends Call>(...schemas: SchemasOf<Parameters<F>>): Message<F> {
  // The compiler has checked each schema against its parameter; it can't follow them through the tuple's type.
  return { parameters: z.tuple(schemas as unknown as []) as unknown as z.ZodType<Parameters<F>> };
}

const path = z.string().min(1).max(4096);

/**
 * A message about a file that a person dropped on the page. The page gives the File; the preload script finds its path
 * (webUtils.getPathForFile, which takes real files only), so the page can't make one up.
 */
export function droppedFile<Value>(): Message<(path: string) => Value, (file: File) => Value> {
  return { parameters: z.tuple([path]) };
}

/** As `droppedFile`, for many files at once. */
export function droppedFiles<Value>(): Message<(paths: string[]) => Value, (files: readonly File[]) => Value> {
  return { parameters: z.tuple([listOf(path, { max: 100_000 })]) };
}

/** A table of messages as the page calls them. */
export type CallsOf<Table> = { readonly [Name in keyof Table]: Answering<PageCall<Table[Name]>> };

/** A table of messages as main handles them: each resolves with the message's value or throws a SplatError. */
export type HandlersOf<Table> = { readonly [Name in keyof Table]: Handling<HandlerCall<Table[Name]>> };

/** The names of the messages in a table for which the preload script finds the paths of dropped files. */
export type DroppedIn<Table> = {
  [Name in keyof Table]: PageCall<Table[Name]> extends HandlerCall<Table[Name]> ? never : Name;
}[keyof Table];

type SchemasOf<P extends readonly unknown[]> = { readonly [Index in keyof P]: z.ZodType<P[Index]> };
type PageCall<M> = M extends { readonly call?: { readonly page: infer F } } ? F : never;
type HandlerCall<M> = M extends { readonly call?: { readonly handler: infer F } } ? F : never;
type Answering<F> = F extends (...parameters: infer P) => infer Value
  ? (...parameters: P) => Promise<Answer<Value>>
  : never;
type Handling<F> = F extends (...parameters: infer P) => infer Value
  ? (...parameters: P) => Value | Promise<Value>
  : never;
