import { randomId } from '../../crypto/index.ts';
import type { LedgerContext } from '../context.ts';
import { makeAlarmClock } from './alarm-clock.ts';
import { integrate, LARGEST_BATCH } from './integrate.ts';
import { type Lease, releaseLease, takeLease } from './lease.ts';
import { openLog } from './log-row.ts';
import { listen } from './wake.ts';

/** A holder that was killed is replaced after this time; a living one prolongs three times as often. */
const LEASE_MS = 2_000;
/** Leaves of other processes are found by asking this often, the breath between included: with the work itself well within 250 ms. */
const POLL_MS = 180;
/** Between two integrations: under load a batch gathers meanwhile. */
const BREATH_MS = 100;
const LONGEST_REST_MS = 2_000;

/** Work in the background that `stop` ends after its present step. */
export interface Running {
  stop(): Promise<void>;
}

/**
 * Gives the leaves of this node's log their indexes for as long as it runs. Any number of processes may run one on a database:
 * one of them holds the lease and works, the others stand by. A failure (a database that restarts) is reported and tried again.
 * @example const sequencer = startSequencer(ctx, { onError: (error) => log.error(describeError(error)) });
 */
export function startSequencer(ctx: LedgerContext, options: { onError?: (error: unknown) => void } = {}): Running {
  const holder = randomId();
  const alarm = makeAlarmClock();
  let lease: Lease | undefined;
  let renewAt = 0;
  let stopped = false;
  const deafen = listen(ctx.db, (event, origin) => {
    if (lease && event === 'appended' && origin === ctx.ledger.origin) alarm.ring();
  });

  async function holdLease(): Promise<void> {
    if (performance.now() < renewAt) return;
    const { log } = lease ?? (await openLog(ctx.db, ctx));
    lease = await takeLease(ctx.db, { log, task: 'sequence', holder, ttlMs: LEASE_MS });
    // Who stands by asks as often as who works prolongs.
    renewAt = performance.now() + LEASE_MS / 3;
  }

  async function work(): Promise<void> {
    let urgent = true;
    let failures = 0;
    while (!stopped) {
      let breathed = 0;
      try {
        await holdLease();
        if (lease && (urgent || (await hasPending(ctx, lease.log)))) {
          const done = await integrate(ctx, lease);
          if (done > 0) {
            await alarm.sleep(BREATH_MS, { deaf: true });
            breathed = BREATH_MS;
          }
          if (done === LARGEST_BATCH) continue;
        }
        failures = 0;
      } catch (error) {
        options.onError?.(error);
        failures++;
        renewAt = 0;
      }
      urgent = await alarm.sleep(Math.min(POLL_MS * 2 ** failures, LONGEST_REST_MS) - breathed);
    }
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

async function hasPending(ctx: LedgerContext, log: number): Promise<boolean> {
  const rows = await ctx.db.query('select 1 from ledger_pending where log = $1 limit 1', [log]);
  return rows.length > 0;
}
