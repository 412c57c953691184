import { describeError, Failure, isFailure, type Json } from '../storage/index.ts';
import { helloQuery, makeHello, parseHelloQuery, type Trust, takeHello, whatWeHave } from '../union/index.ts';
import type { ExchangeContext } from './context.ts';
import { noteHeard, noteSkew } from './health.ts';
import type { PeerClient } from './transport/client.ts';
import type { PeerRequest, PeerResponse } from './transport/server.ts';

/** How often each peer is asked for what it knows of the union; each round a third up or down. */
const ROUND_MS = 30_000;

interface HelloRounds {
  /** Asks one peer soon, e.g. when it signed with a key that we do not know yet. */
  askSoon(peer: string): void;
  /** `GET /union/hello`: answers a peer, and asks it in turn where it knows more. */
  serve(request: PeerRequest): Promise<PeerResponse>;
  stop(): Promise<void>;
}

/** Keeps this node's knowledge of the union fresh: asks every peer at the start and from time to time. */
export function startHelloRounds(
  ctx: ExchangeContext,
  client: PeerClient,
  options: { onError?(description: string): void },
): HelloRounds {
  const { trust } = ctx;
  const asking = new Map<string, Promise<void>>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const askSoon = (peer: string): void => {
    if (stopped || peer === trust.self || asking.has(peer)) return;
    const asked = askPeer(ctx, client, peer)
      .catch((error: unknown) => {
        // A peer that is away is no fault of this node; the health of peers shows it once something waits for it.
        if (!isFailure(error, 'EXCHANGE_UNREACHABLE')) options.onError?.(`hello ${peer}: ${describeError(error)}`);
      })
      .finally(() => asking.delete(peer));
    asking.set(peer, asked);
  };
  const round = (): void => {
    for (const peer of trust.states()) askSoon(peer);
    timer = setTimeout(round, ROUND_MS * (0.67 + Math.random() * 0.66));
    timer.unref();
  };
  round();
  return {
    askSoon,
    async serve(request) {
      const asked = parseHelloQuery(request.query);
      const hello = await makeHello(ctx, trust, asked);
      if (knowsMore(trust, asked.versions)) askSoon(request.peer);
      return { status: 200, type: 'application/json', body: JSON.stringify(hello) };
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.allSettled(asking.values());
    },
  };
}

/** One hello. @throws Failure EXCHANGE_UNREACHABLE, EXCHANGE_ANSWER */
async function askPeer(ctx: ExchangeContext, client: PeerClient, peer: string): Promise<void> {
  const { trust } = ctx;
  await trust.refresh();
  const query = helloQuery(await whatWeHave(ctx, trust));
  const askedAt = Date.parse(ctx.clock.now());
  const answer = await client.ask(peer, { method: 'GET', path: `/union/hello?${query}`, timeoutMs: 10_000 });
  const halfway = (askedAt + Date.parse(ctx.clock.now())) / 2;
  if (answer.status !== 200) throw new Failure('EXCHANGE_ANSWER', { peer, reason: `status ${answer.status}` });
  let hello: Json;
  try {
    hello = JSON.parse(answer.body.toString()) as Json;
  } catch {
    throw new Failure('EXCHANGE_ANSWER', { peer, reason: 'it is not JSON' });
  }
  const { charter, theirTime } = await takeHello(ctx, trust, peer, hello);
  await noteHeard(ctx.db, ctx, peer, { charter });
  if (!Number.isNaN(theirTime)) await noteSkew(ctx.db, peer, theirTime - halfway);
}

function knowsMore(trust: Trust, versions: Record<string, number>): boolean {
  return trust.states().some((state) => {
    try {
      return (versions[state] ?? 0) > trust.manifest(state).version;
    } catch {
      return versions[state] !== undefined;
    }
  });
}
