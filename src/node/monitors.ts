import { type Exchange, ledgerTrustOf, type PeerRoutes } from '../exchange/index.ts';
import { type Followed, followLog, readLedgerPath } from '../ledger/index.ts';
import { isFailure } from '../storage/index.ts';
import { raiseAlarm } from '../union/index.ts';
import type { NodeContext } from './context.ts';

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
  let stopped = false;
  const looks = new Map<string, { next?: NodeJS.Timeout; working: Promise<unknown> }>();
  const look = async (state: string): Promise<void> => {
    await monitorState(ctx, ask, state, () => stopped).catch((error: unknown) => {
      // A peer that is away is no fault of this node; it is looked at again.
      if (!stopped && !isFailure(error, 'EXCHANGE_UNREACHABLE')) report(`monitoring ${state}`, error);
    });
  };
  // Each log in a round of its own: one that takes its time with every answer keeps nobody from looking at the others.
  const again = (state: string): void => {
    const one = looks.get(state) ?? { working: Promise.resolve() };
    looks.set(state, one);
    one.next = setTimeout(
      () => {
        one.working = look(state).finally(() => {
          // A state that was expelled meanwhile is looked at no more.
          if (stopped) return;
          if (ctx.trust.states().includes(state)) again(state);
          else looks.delete(state);
        });
      },
      roundMs * (0.67 + Math.random() * 0.66),
    );
    one.next.unref();
  };
  const begin = (): void => {
    for (const state of ctx.trust.states()) if (state !== ctx.trust.self && !looks.has(state)) again(state);
  };
  begin();
  const admitted = setInterval(begin, roundMs);
  admitted.unref();
  return {
    async stop() {
      stopped = true;
      clearInterval(admitted);
      for (const { next } of looks.values()) clearTimeout(next);
      await Promise.all([...looks.values()].map(({ working }) => working));
    },
  };
}
