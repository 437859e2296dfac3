// Entry of a child process for tests of the batch: the real worker on a plain Node process.
import { BatchWorker } from '../../../../electron/batch/worker.ts';
import type { ToWorker } from '../../../../electron/batch/messages.ts';
import { createNodeBackend } from '../../../../renderer/refine/backend-node.ts';

const worker = new BatchWorker((message) => process.send?.(message), createNodeBackend({ threads: 1 }));
process.on('message', (message) => worker.receive(message as ToWorker));
