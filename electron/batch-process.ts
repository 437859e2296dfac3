// Entry of the process that refines the files of a batch. Cancelling ends it.
import { constants, setPriority } from 'node:os';
import { BatchWorker } from './batch/worker.ts';
import type { ToWorker } from './batch/messages.ts';

// The viewer goes first: a batch has time.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const worker = new BatchWorker((message) => process.parentPort.postMessage(message));
process.parentPort.on('message', ({ data }) => worker.receive(data as ToWorker));
