import { type Edition, editionDigest, findEdition, listEditions, takeEdition } from '../agreements/index.ts';
import { digestHex, parseSealed, sealedBytes } from '../crypto/index.ts';
import type { Exchange, PeerRoutes } from '../exchange/index.ts';
import { describeError, Failure, isFailure, type Json } from '../storage/index.ts';
import { raiseAlarm, whatWeHave } from '../union/index.ts';
import type { NodeContext } from './context.ts';
import { startRounds } from './rounds.ts';

const PATH = '/agreements';
/** How often each peer is asked for versions that this node lacks; each round a third up or down. */
const ROUND_MS = 10_000;
/** How often this process looks what other processes of its node have stored. */
const LOOK_MS = 1_000;
/** Names that a peer may list at once; more than any union publishes, and no list to drown in. */
const LISTED = 10_000;
/** Versions that are fetched from one peer in a round, and how long one that was refused is not asked for again. */
const A_ROUND = 20;
const REFUSED_MS = 60_000;

/**
 * Published versions for the other nodes: `GET /agreements?have=<digest>` lists them by name, nothing where the asker has the same, and
 * says in one digest which ratifications this node knows; `GET /agreements/<name>` is one version, sealed as it was published.
 */
export function editionRoutes(ctx: NodeContext): PeerRoutes {
  const { db } = ctx;
  return {
    [`GET ${PATH}`]: async ({ query }) => {
      const editions = await listEditions(db);
      const { ratified } = await whatWeHave(ctx, ctx.trust);
      const listed = query.get('have') === nameOfAll(editions) ? [] : editions;
      return { status: 200, type: 'application/json', body: JSON.stringify({ editions: listed, ratified }) };
    },
    [`GET ${PATH}/*`]: async ({ path }) => {
      const sealed = await findEdition(db, path.slice(PATH.length + 1));
      if (sealed === undefined) return { status: 404, type: 'text/plain', body: '' };
      return { status: 200, type: 'application/json', body: sealedBytes(sealed) };
    },
  };
}

/** One name for a set of editions, whatever their order. */
const nameOfAll = (editions: readonly string[]): string => digestHex([...editions].sort().join('\n'));

/**
 * Keeps the library of a node's process fresh: looks every second what other processes have stored, and asks each peer from time to time
 * for versions that it lacks; where the peer knows other ratifications, it is asked for those at once. A version bears its publisher's signatures, so any peer may bring it; one that does not hold is an alarm
 * and spoils nothing else.
 */
export function startEditions(
  ctx: NodeContext,
  exchange: Pick<Exchange, 'ask' | 'greet'>,
  report: (place: string, error: unknown) => void,
): { stop(): Promise<void> } {
  const refused = new Map<string, number>();
  const rounds = startRounds(
    ctx.trust,
    async (peer, isOver) => {
      await fetchFrom(ctx, exchange, peer, refused, isOver).catch((error: unknown) => {
        // A peer that is away is no fault of this node; it is asked again.
        if (!isOver() && !isFailure(error, 'EXCHANGE_UNREACHABLE')) report(`editions of ${peer}`, error);
      });
    },
    { roundMs: ROUND_MS, atOnce: true },
  );
  let looking: Promise<unknown> | undefined;
  const look = setInterval(() => {
    looking ??= ctx.agreements
      .refresh()
      .catch((error: unknown) => report('agreements', error))
      .finally(() => {
        looking = undefined;
      });
  }, LOOK_MS);
  look.unref();
  return {
    async stop() {
      clearInterval(look);
      await Promise.allSettled([rounds.stop(), looking]);
    },
  };
}

/** Takes from one peer what this node lacks. */
async function fetchFrom(
  ctx: NodeContext,
  { ask, greet }: Pick<Exchange, 'ask' | 'greet'>,
  peer: string,
  refused: Map<string, number>,
  isOver: () => boolean,
): Promise<void> {
  const known = new Set(await listEditions(ctx.db));
  const answer = await ask(peer, { method: 'GET', path: `${PATH}?have=${nameOfAll([...known])}`, timeoutMs: 10_000 });
  // A node of an earlier version does not know the question.
  if (answer.status !== 200) return;
  const { editions, ratified } = readList(peer, answer.body);
  if (ratified !== (await whatWeHave(ctx, ctx.trust)).ratified) greet(peer);
  const now = performance.now();
  const missing = editions.filter((name) => !known.has(name) && (refused.get(name) ?? 0) <= now).slice(0, A_ROUND);
  for (const name of missing) {
    if (isOver()) return;
    const one = await ask(peer, { method: 'GET', path: `${PATH}/${name}`, timeoutMs: 30_000 });
    if (one.status !== 200) continue;
    try {
      const sealed = parseSealed<Edition>(one.body, 'agreement');
      if (editionDigest(sealed.payload) !== name)
        throw new Failure('AGREEMENT_EDITION_FORM', { reason: 'another name' });
      await takeEdition(ctx, sealed);
    } catch (error) {
      // What no later knowledge can mend is not asked for again; a manifest that lists a new key may come a moment later.
      const isFinal = isFailure(error, 'AGREEMENT_EDITION_FORM', 'AGREEMENT_EDITION_DIGEST', 'CRYPTO_SEALED_FORM');
      // A peer can make up names without end; what is forgotten is refused again.
      if (refused.size >= LISTED) refused.clear();
      refused.set(name, isFinal ? Number.POSITIVE_INFINITY : now + REFUSED_MS);
      const detail = { edition: name, reason: describeError(error) };
      await raiseAlarm(ctx.db, { kind: 'edition-refused', peer, cause: name, detail }, ctx.clock.now());
    }
  }
  if (missing.length > 0) await ctx.agreements.refresh();
}

function readList(peer: string, body: Buffer): { editions: string[]; ratified: string } {
  let said: { editions?: Json; ratified?: Json };
  try {
    said = JSON.parse(body.toString('utf8')) as typeof said;
  } catch {
    said = {};
  }
  const { editions, ratified } = said;
  const isName = (name: unknown): name is string => typeof name === 'string' && /^[0-9a-f]{64}$/.test(name);
  if (!Array.isArray(editions) || editions.length > LISTED || !editions.every(isName) || !isName(ratified)) {
    throw new Failure('EXCHANGE_ANSWER', { peer, reason: 'it is no list of editions' });
  }
  return { editions, ratified };
}
