// Entry of the process that refines the files of a batch. Cancelling ends it.
import { constants, setPriority } from 'node:os';
import type { MessagePortMain } from 'electron';
import type { FromPage } from '../../renderer/bridge/batch-messages.ts';
import type { ToWorker } from '../batch/messages.ts';
import type { PageLine } from '../batch/page-refiner.ts';
import { BatchWorker } from '../batch/worker.ts';

// The viewer goes first: a batch has time.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const worker = new BatchWorker((message) => process.parentPort.postMessage(message));
process.parentPort.on('message', ({ data, ports }) => {
  const port = ports[0];
  if (port === undefined) worker.receive(data as ToWorker);
  else worker.usePage(lineOver(port));
});

function lineOver(port: MessagePortMain): PageLine {
  port.start();
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data as FromPage)),
    onClose: (listener) => port.on('close', listener),
  };
}
