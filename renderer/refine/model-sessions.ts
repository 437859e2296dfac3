import type { InferenceBackend, InferenceSession } from './backend.ts';
import type { RefineModel } from './model.ts';

/** Networks that a backend has loaded, by model: making a session takes seconds at the published widths. */
const sessions = new WeakMap<InferenceBackend, WeakMap<RefineModel, Promise<InferenceSession>>>();

/** Returns the session of a model on a backend, made when it is first asked for. */
export function sessionFor(backend: InferenceBackend, model: RefineModel): Promise<InferenceSession> {
  const held = sessions.get(backend) ?? new WeakMap<RefineModel, Promise<InferenceSession>>();
  sessions.set(backend, held);
  let session = held.get(model);
  if (session === undefined) {
    session = backend.createSession(model.graphs[backend.taps], model.weights);
    held.set(model, session);
    session.catch(() => held.delete(model));
  }
  return session;
}

/** Releases what a backend holds for a model; refining with it again loads it anew. No job may be using it. */
export async function releaseModel(backend: InferenceBackend, model: RefineModel): Promise<void> {
  const session = sessions.get(backend)?.get(model);
  sessions.get(backend)?.delete(model);
  await (await session)?.release();
}
