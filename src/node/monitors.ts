import { type Exchange, ledgerTrustOf, type PeerRoutes } from '../exchange/index.ts';
import { type Followed, followLog, readLedgerPath } from '../ledger/index.ts';
import { isFailure } from '../storage/index.ts';
import { raiseAlarm } from '../union/index.ts';
import type { NodeContext } from './context.ts';
import { startRounds } from './rounds.ts';

const PREFIX = '/ledger/';
/** How often each other log is looked at; each round a third up or down. */
const ROUND_MS = 30_000;
const PATIENCE_MS = 10_000;

type MonitorContext = Pick<NodeContext, 'db' | 'clock' | 'trust' | 'ledger'>;

/** This node's log for the other nodes, on the port on which they talk: what the portal shows to anybody. */
export function mirrorRoutes(ctx: MonitorContext): PeerRoutes {
  return {
    [`GET ${PREFIX}*`]: async ({ path }) => readLedgerPath(ctx, path.slice(PREFIX.length)),
  };
}

/**
 * Looks once at the log of another state, and takes what is new into the mirror. A broken promise is a complaint with its proof, and
 * an alarm `ledger-<kind>`.
 * @throws Failure EXCHANGE_UNREACHABLE
 */
export async function monitorState(
  ctx: MonitorContext,
  ask: Exchange['ask'],
  state: string,
  isOver: () => boolean = () => false,
): Promise<Followed> {
  const { origin } = ctx.trust.manifest(state).ledger;
  const read = async (path: string): Promise<Buffer | undefined> => {
    if (isOver()) return undefined;
    const answer = await ask(state, { method: 'GET', path: `${PREFIX}${path}`, timeoutMs: PATIENCE_MS });
    return answer.status === 200 ? answer.body : undefined;
  };
  const followed = await followLog(ctx, read, { ...ledgerTrustOf(ctx.trust, state), origin });
  if (followed.state === 'broken') {
    const alarm = { kind: `ledger-${followed.reason}`, peer: state, cause: origin, detail: {} };
    await raiseAlarm(ctx.db, alarm, ctx.clock.now());
  }
  return followed;
}

/** Looks at the logs of all other states from time to time. Several processes may: they share the mirror. */
export function startMonitoring(
  ctx: MonitorContext,
  { ask }: Pick<Exchange, 'ask'>,
  report: (place: string, error: unknown) => void,
  roundMs = ROUND_MS,
): { stop(): Promise<void> } {
  return startRounds(
    ctx.trust,
    async (state, isOver) => {
      await monitorState(ctx, ask, state, isOver).catch((error: unknown) => {
        // A peer that is away is no fault of this node; it is looked at again.
        if (!isOver() && !isFailure(error, 'EXCHANGE_UNREACHABLE')) report(`monitoring ${state}`, error);
      });
    },
    { roundMs },
  );
}
