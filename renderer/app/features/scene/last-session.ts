import type { CommandId } from '../../../bridge/commands.ts';
import type { SceneFile } from '../../../bridge/files.ts';
import type { ProjectActions, Workplace } from '../../document/project-actions.ts';
import { SessionKeeper } from '../../document/session-keeper.ts';
import type { AppContext } from '../../feature.ts';

/** An app that has lived on for so long with what it restored does not end for it. */
const HOLDS_AFTER_MS = 20_000;

/** Brings back what was open when the app did not end as it should, and keeps what is open now. */
export class LastSession {
  private readonly keeper: SessionKeeper;
  /** `left`: on disk, to be restored or discarded; `restored`: open. */
  private state: 'none' | 'left' | 'restored';
  /** Whether what was restored is in the new session. */
  private isLeftKept = false;
  private isRestoring = false;
  /** The scene of the session that was restored. */
  private restored: SceneFile | undefined;

  constructor(
    private readonly context: AppContext,
    private readonly projects: ProjectActions,
    workplace: Workplace,
  ) {
    const { document, startUp } = context;
    this.state = startUp.leftSession === undefined ? 'none' : 'left';
    this.keeper = new SessionKeeper(
      ...([document, projects, workplace] as const),
      () => this.sessionKept(),
      ({ sentence }) => {
        void window.desktop.log('warning', sentence);
        document.add(sentence);
      },
    );
    document.watch(({ file }) => {
      if (this.state === 'restored' && file !== this.restored) this.become('none');
    });
  }

  get disabled(): CommandId[] {
    const { job } = this.context.document.state;
    return [
      ...(this.state === 'left' && job === undefined ? [] : ['session.restore' as const]),
      ...(this.state !== 'none' && job === undefined ? [] : ['session.discard' as const]),
    ];
  }

  /** Restores what main says is to be restored, and else offers it; from then on what is open is kept. */
  async start(): Promise<void> {
    const { document, startUp } = this.context;
    if (startUp.leftSession === 'restore') await this.restore();
    if (startUp.leftSession === 'offer')
      document.add('The last session did not end as it should. What was open then can be had again.', [
        { label: 'Restore', command: 'session.restore' },
        { label: 'Discard', command: 'session.discard' },
      ]);
    this.keeper.start();
  }

  /** Opens what is left of the last session; once, also where a person asks twice: what it brought is no loss. */
  async restore(): Promise<void> {
    if (this.state !== 'left' || this.isRestoring) return;
    this.isRestoring = true;
    try {
      await this.openLeft();
    } finally {
      this.isRestoring = false;
    }
  }

  /** Starts the app again with what is open now. */
  async restart(): Promise<void> {
    const isKept = await this.keeper.keepNow();
    await window.desktop.restart(isKept);
  }

  private async openLeft(): Promise<void> {
    const { actions, document } = this.context;
    const session = await this.projects.readLeftSession();
    if (session === undefined) return;
    const before = document.state.file;
    await actions.open(session);
    const { file, message } = document.state;
    // What went wrong has been said, and a person may have kept what was open.
    if (file === before || file === undefined) return;
    this.restored = file;
    this.become('restored');
    document.finish(message.text, [{ label: 'Discard', command: 'session.discard' }]);
  }

  /** Lets go what is left of the last session; where it is open, its scene is as its file has it. */
  async discard(): Promise<void> {
    const { actions, document } = this.context;
    const { restored } = this;
    await window.desktop.dropLeftSession();
    if (this.state === 'restored' && restored !== undefined) return actions.open(restored);
    this.become('none');
    document.say('What was left of the last session is gone.');
  }

  /** What was restored is in the new session now. */
  private sessionKept(): void {
    if (this.state !== 'restored' || this.isLeftKept) return;
    this.isLeftKept = true;
    void window.desktop.dropLeftSession();
    setTimeout(() => void window.desktop.sessionHolds(), HOLDS_AFTER_MS);
  }

  private become(state: typeof this.state): void {
    this.state = state;
    this.context.refresh();
  }
}
