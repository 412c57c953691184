import type { Agreement } from '../../agreements/index.ts';
import { replayDrafts } from '../../applications/index.ts';
import { replayCases } from '../../cases/index.ts';
import type { StateStore } from '../local-union/state-store.ts';
import type { Replay } from './replay-lines.ts';

/** Of how many drafts and cases, the latest first. */
const DRAFTS = 500;
const CASES = 200;

/** Runs a state's own drafts and last cases on a version of an agreement. Each state sees its own people only, before it agrees. */
export async function replayOn(store: StateStore, after: Agreement): Promise<Replay> {
  return { drafts: await replayDrafts(store, after, DRAFTS), cases: await replayCases(store, after, CASES) };
}
