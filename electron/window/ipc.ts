import { ipcMain } from 'electron';
import type { IpcMainInvokeEvent, WebContents } from 'electron';
import { MESSAGES } from '../../renderer/bridge/desktop.ts';
import type { Channel, Handlers } from '../../renderer/bridge/desktop.ts';
import type { EventName, EventValue } from '../../renderer/bridge/events.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { checkValue } from '../../renderer/core/json.ts';
import { answerOf } from '../failure.ts';
import { ORIGIN } from './protocol.ts';

/** Puts every handler behind a check of who sends (our page's main frame) and of what is sent (its schema). */
export function registerHandlers(handlers: Handlers): void {
  for (const channel of Object.keys(MESSAGES) as Channel[]) registerOne(channel, handlers[channel]);
}

function registerOne<C extends Channel>(channel: C, handler: Handlers[C]): void {
  ipcMain.handle(channel, (event, ...parameters: unknown[]) =>
    answerOf(() => {
      if (!isOurPage(event))
        throw new SplatError('usage', `A message (${channel}) came from a frame that is not the app's page.`);
      const checked = checkValue<readonly unknown[]>(trimAbsent(parameters), MESSAGES[channel].parameters);
      if ('problem' in checked)
        throw new SplatError('usage', `A message (${channel}) had unexpected contents: ${checked.problem}.`);
      return (handler as (...values: unknown[]) => unknown)(...checked.data);
    }),
  );
}

/** Sends an event to the page. */
export function sendEvent<Name extends EventName>(page: WebContents, name: Name, value: EventValue<Name>): void {
  page.send(name, value);
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
