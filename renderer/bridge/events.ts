import type { BatchChange } from '../batch/view.ts';
import type { Answer } from './answer.ts';
import type { ModelTransfer } from './models.ts';
import type { OpenedFile } from './project.ts';
import type { UpdateView } from './updates.ts';

/** An event that main sends to the page of its own accord. */
interface Event<Value> {
  /** A type alone, no value. */
  readonly value?: Value;
}

function event<Value>(): Event<Value> {
  return {};
}

/** What main sends to the page of its own accord; the page listens to `command` by `onCommand`, and so on. */
export const EVENTS = {
  /** A command was chosen in the menu. */
  command: event<string>(),
  /** A scene or project was opened from outside of the page: a recent one, or by the system. */
  openFile: event<Answer<OpenedFile>>(),
  /** A person chose to save before the window closes; `savedToLeave` answers. */
  saveToLeave: event<undefined>(),
  /** A download began, moved (`transfer`) or ended, or a model came or went. */
  modelChanged: event<{ readonly id: string; readonly transfer?: ModelTransfer | undefined }>(),
  batchChange: event<BatchChange>(),
  /** Looking for a new version, or fetching one, moved on. */
  updateChanged: event<UpdateView>(),
};

export type EventName = keyof typeof EVENTS;
export type EventValue<Name extends EventName> = (typeof EVENTS)[Name] extends Event<infer Value> ? Value : never;

/** The page's side of the events. */
export type Listeners = {
  readonly [Name in EventName as `on${Capitalize<Name>}`]: (listener: (value: EventValue<Name>) => void) => void;
};

/**
 * Lines between the page and another process, each a MessagePort. It can't pass the context bridge, so it reaches the
 * page as a window message of this name.
 */
export const PORTS = { inference: 'splatformer-inference', batch: 'splatformer-batch' } as const;
