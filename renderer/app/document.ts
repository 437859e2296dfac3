import { sceneStem } from '../core/scene-name.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { SceneFile } from './bridge.ts';
import type { CommandId } from './commands.ts';

/** What the screen shows of a scene that has been refined. */
export type Shown = 'before' | 'after';

/** What a refinement brought, beside the scene. */
export interface Refinement {
  readonly scene: SplatScene;
  readonly seconds: number;
  /** Where it ran and with which model, in words. */
  readonly description: string;
}

/** A long job under way. */
export interface Job {
  readonly kind: 'open' | 'refine' | 'save';
  readonly title: string;
  readonly stage: string;
  readonly fraction: number;
  readonly startedMs: number;
  readonly cancel: () => void;
}

export interface Message {
  readonly text: string;
  readonly isError: boolean;
  /** What a person may want to do next; a message that has this is a job's result and shown over the scene. */
  readonly actions?: readonly { readonly label: string; readonly command: CommandId }[];
}

export interface DocumentState {
  readonly file: SceneFile | undefined;
  readonly original: SplatScene | undefined;
  readonly refined: Refinement | undefined;
  readonly shown: Shown;
  readonly job: Job | undefined;
  readonly message: Message;
  readonly modelName: string;
}

export const EMPTY_STATE: DocumentState = {
  file: undefined,
  original: undefined,
  refined: undefined,
  shown: 'before',
  job: undefined,
  message: { text: '', isError: false },
  modelName: '',
};

/** The open scene, its refinement and the job under way. Panels watch it; only the actions change it. */
export class SceneDocument {
  private current = EMPTY_STATE;
  private readonly listeners: ((state: DocumentState, before: DocumentState) => void)[] = [];

  get state(): DocumentState {
    return this.current;
  }

  watch(listener: (state: DocumentState, before: DocumentState) => void): void {
    this.listeners.push(listener);
    listener(this.current, this.current);
  }

  update(patch: Partial<DocumentState>): void {
    const before = this.current;
    this.current = { ...before, ...patch };
    for (const listener of this.listeners) listener(this.current, before);
  }

  say(text: string): void {
    this.update({ message: { text, isError: false } });
  }

  /** Says what a job brought, with what may come next. */
  finish(text: string, actions: NonNullable<Message['actions']> = []): void {
    this.update({ message: { text, isError: false, actions } });
  }

  complain(text: string): void {
    this.update({ message: { text, isError: true } });
  }
}

/** The scene on screen. */
export function shownScene(state: DocumentState): SplatScene | undefined {
  return state.shown === 'after' && state.refined !== undefined ? state.refined.scene : state.original;
}

/** `plant.splat` becomes `plant-refined.ply`; what was refined already keeps one such ending. */
export function refinedName(inputName: string): string {
  return `${sceneStem(inputName).replace(/-refined$/, '')}-refined.ply`;
}
