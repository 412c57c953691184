import { randomId } from '../../crypto/index.ts';
import { makeAlarmClock } from '../log/alarm-clock.ts';
import { type Lease, releaseLease, takeLease } from '../log/lease.ts';
import { getLog, type LogRow, openLog } from '../log/log-row.ts';
import type { Running } from '../log/sequencer.ts';
import { listen } from '../log/wake.ts';
import { quorumOf } from '../proof/index.ts';
import { askWitness } from './ask.ts';
import { offerCheckpoint } from './cosignatures.ts';
import type { WitnessingContext, WitnessPeer } from './peer.ts';

/** No witness is asked more often. */
const ROUND_MS = 1_000;
const LEASE_MS = 5_000;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * Has the log's checkpoints witnessed for as long as it runs: after new leaves, at most once a second, all witnesses are asked about
 * the same checkpoint; those that are slow or away are asked again with back-off and never hold up the others. Work goes on
 * meanwhile: what is short of a quorum is marked so and catches up. Of several processes one does it.
 * @example const witnessing = startWitnessing({ ...ctx, peers, submit: (peer, body) => post(peer, '/witness/add-checkpoint', body) });
 */
export function startWitnessing(ctx: WitnessingContext, options: { onError?: (error: unknown) => void } = {}): Running {
  const holder = randomId();
  const alarm = makeAlarmClock();
  const busy = new Map<string, Promise<void>>();
  const backoff = new Map<string, { failures: number; until: number }>();
  let lease: Lease | undefined;
  let stopped = false;
  const deafen = listen(ctx.db, (event, origin) => {
    if (lease && event === 'integrated' && origin === ctx.ledger.origin) alarm.ring();
  });

  async function ask(peer: WitnessPeer, row: LogRow, quorum: number): Promise<void> {
    const { name } = peer;
    try {
      const heard = await askWitness(ctx, peer, row, quorum);
      if (heard === 'ok') return void backoff.delete(name);
    } catch (error) {
      options.onError?.(error);
    }
    const failures = (backoff.get(name)?.failures ?? 0) + 1;
    const wait = Math.min(ROUND_MS * 2 ** failures, LONGEST_BACKOFF_MS) * (0.75 + Math.random() / 2);
    backoff.set(name, { failures, until: performance.now() + wait });
  }

  async function round(): Promise<void> {
    const { log } = lease ?? (await openLog(ctx.db, ctx));
    lease = await takeLease(ctx.db, { log, task: 'witness', holder, ttlMs: LEASE_MS });
    if (!lease) return;
    const peers = ctx.peers();
    const row = await getLog(ctx);
    if (row.size === 0 || peers.length === 0) return;
    const missing = await offerCheckpoint(ctx, row, peers);
    for (const peer of missing) {
      const { name } = peer;
      if (busy.has(name) || performance.now() < (backoff.get(name)?.until ?? 0)) continue;
      const asking = ask(peer, row, quorumOf(peers.length)).finally(() => busy.delete(name));
      busy.set(name, asking);
    }
  }

  async function work(): Promise<void> {
    while (!stopped) {
      const began = performance.now();
      await round().catch((error: unknown) => options.onError?.(error));
      await alarm.sleep(Math.max(0, ROUND_MS - (performance.now() - began)), { deaf: true });
      // Nothing new: the next second's look finds what other processes integrated and who is to be asked again.
      if (!stopped) await alarm.sleep(ROUND_MS);
    }
    await Promise.all(busy.values());
    if (lease) await releaseLease(ctx.db, lease).catch(() => undefined);
  }

  const running = work();
  return {
    async stop() {
      stopped = true;
      deafen();
      alarm.end();
      await running;
    },
  };
}
