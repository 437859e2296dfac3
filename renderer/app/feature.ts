import type { Actions } from './document/actions.ts';
import type { GraphicsReport, StartUp } from '../bridge/window.ts';
import type { CommandId } from '../bridge/commands.ts';
import type { ProjectFile, ProjectFiles } from '../bridge/project.ts';
import type { SceneDocument } from './document/document.ts';
import type { ModelChoice } from './document/model-choice.ts';
import type { Dock, DockPanel } from './window/dock.ts';
import type { ViewMemory } from './window/view-memory.ts';
import type { CanvasPicture } from './view/canvas-picture.ts';
import type { DocumentView } from './view/document-view.ts';
import type { Viewport } from './view/viewport.ts';

/** Which of a feature's commands are off or ticked now, and labels that say more than the table's. */
export interface FeatureState {
  readonly disabled: readonly CommandId[];
  readonly checked: readonly CommandId[];
  readonly labels?: Readonly<Partial<Record<CommandId, string>>>;
}

/** What a feature has in a project, and gets back after a crash. */
export interface KeptPart {
  /** The same in every version. */
  readonly id: string;
  /** As JSON can hold it; undefined where there is nothing to keep. Asked for every second. */
  readonly read: () => unknown;
  /** The feature's files that belong to it. */
  readonly files?: () => Partial<ProjectFiles>;
  /** Takes back what `read` gave, maybe in another version: what it can't use it passes over. */
  readonly restore: (value: unknown, project: ProjectFile) => void | Promise<void>;
}

/** A part of the app with commands of its own. App asks each in the order of features.ts. */
export interface Feature {
  /** What each of the feature's commands does. A command that no feature owns is greyed out. */
  readonly commands: Partial<Record<CommandId, () => void>>;
  /** Asked at every `refresh`. */
  readonly state?: () => FeatureState;
  /** Its place in the dock. The panel's command opens and closes it and is ticked while it is open. */
  readonly panel?: DockPanel;
  readonly kept?: KeptPart;
  /** Called once after start-up, with the render device and the first scene there (or the report why not). */
  readonly started?: () => void | Promise<void>;
  /** Called with each keydown and keyup outside of fields before the commands get it; true if taken. */
  readonly key?: (event: KeyboardEvent) => boolean;
  /** Called with files dropped on the window before one is opened as a scene; true if taken. */
  readonly dropped?: (files: readonly File[]) => boolean;
}

/** What a feature may use. Everything is there when it is made, but nothing is open yet. */
export interface AppContext {
  readonly document: SceneDocument;
  readonly viewport: Viewport;
  /** What the viewport draws; features say here what is to be shown in the place of the scene. */
  readonly picture: CanvasPicture;
  /** Where the document's scene is seen from. */
  readonly documentView: DocumentView;
  readonly actions: Actions;
  readonly models: ModelChoice;
  readonly startUp: StartUp;
  readonly graphics: GraphicsReport;
  readonly platform: 'darwin' | 'other';
  /** The picture of the scene; it has the focus when nothing else has. */
  readonly canvas: HTMLCanvasElement;
  /** Choices remembered between starts. */
  readonly memory: ViewMemory;
  readonly dock: Dock;
  /** A layer above the canvas that lets pointers through; children that take them set `pointer-events: auto`. */
  readonly overlay: HTMLElement;
  /** The overlay's lower right corner: what features append here is stacked, with nothing else in the way. */
  readonly corner: HTMLElement;
  /** Runs a command unless it is off. */
  run(id: CommandId): void;
  /** What the features keep in projects. */
  keptParts(): readonly KeptPart[];
  /** Asks every feature for its state again: call it when what is on offer changed without the document changing. */
  refresh(): void;
}

export type FeatureClass = new (context: AppContext) => Feature;
