import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import { SplatError } from '../renderer/core/errors.ts';
import type { Answer, DesktopBridge } from '../renderer/bridge/desktop.ts';
import { CHANNEL_ARGUMENTS } from '../renderer/bridge/channels.ts';
import type { Channel, ChannelArguments } from '../renderer/bridge/channels.ts';
import { answerOf } from './failure.ts';
import { ORIGIN } from './window/protocol.ts';

/** What the bridge's method of this name resolves with. */
type Value<C extends Channel> = Awaited<ReturnType<DesktopBridge[C]>> extends Answer<infer T> ? T : never;

export type Handlers = {
  readonly [C in Channel]: (...parameters: ChannelArguments<C>) => Value<C> | Promise<Value<C>>;
};

/** Puts every handler behind a check of who sends (our page's main frame) and of what is sent (its schema). */
export function registerHandlers(handlers: Handlers): void {
  for (const channel of Object.keys(CHANNEL_ARGUMENTS) as Channel[]) registerOne(channel, handlers[channel]);
}

function registerOne<C extends Channel>(channel: C, handler: Handlers[C]): void {
  ipcMain.handle(channel, (event, ...parameters: unknown[]) =>
    answerOf(() => {
      if (!isOurPage(event))
        throw new SplatError('usage', `A message (${channel}) came from a frame that is not the app's page.`);
      const checked = CHANNEL_ARGUMENTS[channel].safeParse(trimAbsent(parameters));
      if (!checked.success)
        throw new SplatError(
          'usage',
          `A message (${channel}) had unexpected contents: ${checked.error.issues[0]?.message ?? ''}`,
        );
      return (handler as (...values: unknown[]) => unknown)(...(checked.data as unknown[]));
    }),
  );
}

function isOurPage({ senderFrame }: IpcMainInvokeEvent): boolean {
  if (senderFrame === null || senderFrame.parent !== null) return false;
  // Node's URL knows no origin for schemes of our own.
  const { protocol, host } = new URL(senderFrame.url);
  return `${protocol}//${host}` === ORIGIN;
}

/** An argument left out and one that is undefined are the same to a schema. */
function trimAbsent(parameters: readonly unknown[]): unknown[] {
  const last = parameters.findLastIndex((value) => value !== undefined);
  return parameters.slice(0, last + 1);
}
