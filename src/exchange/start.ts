import { setTimeout as pause } from 'node:timers/promises';
import type { InclusionProof } from '../ledger/index.ts';
import type { Hop } from '../measures/index.ts';
import { describeError, Failure, type Instant, type JobHandler, startJobs, type Tx } from '../storage/index.ts';
import { BATCH_PATH, carryBatch, serveBatch } from './carry.ts';
import type { ExchangeContext, MessageHandler } from './context.ts';
import { peerIsBack } from './health.ts';
import { startHelloRounds } from './hello-round.ts';
import { incomingHandler } from './incoming/handle.ts';
import { receiveBatch } from './incoming/receive.ts';
import { type DeliveryHooks, deliveryHandler } from './outgoing/deliver.ts';
import type { Undelivered } from './outgoing/give-up.ts';
import { proofHandler } from './proofs/fetch.ts';
import { type AskProofs, ownProof, serveProofs } from './proofs/serve.ts';
import type { MessageHead } from './protocol/head.ts';
import { recoveryRoutes } from './recovery/keep.ts';
import { requestDelivered, requestUndelivered, transactionMessages } from './transactions/arrive.ts';
import { findOperations, type TransactionOptions } from './transactions/handlers.ts';
import { timerHandler } from './transactions/timers.ts';
import { makePeerClient, type PeerClient } from './transport/client.ts';
import { type PeerProtocols, type PeerRequest, type PeerRoutes, startPeerServer } from './transport/server.ts';

export interface ExchangeOptions {
  /** What messages do here, by type. Those of transactions come from `transactions`. */
  handlers: Record<string, MessageHandler>;
  transactions?: TransactionOptions;
  /** Told, in the transaction that stores its receipt, of a message that its receiver has. */
  delivered?(tx: Tx, head: MessageHead, receivedAt: Instant): Promise<void>;
  /** Told, in a transaction, of a message that its receiver certainly has not taken and will not take. */
  undelivered?: Undelivered;
  /** Where other nodes reach this one; port 0 takes a free one. */
  listen: { host: string; port: number };
  /** More for the other nodes' port, e.g. `POST /witness/add-checkpoint`. */
  routes?: PeerRoutes;
  /** What else than HTTP is spoken on that port. */
  protocols?: PeerProtocols;
  /** Told of each message that was delivered or handled, for the log. */
  onHop?(hop: Hop): void;
  /** Told in one line of what goes wrong in the background; no personal data in it. */
  onError?(description: string): void;
}

export interface Exchange {
  port: number;
  /** Asks another node something on the same pinned connections, e.g. to witness. */
  ask: PeerClient['ask'];
  /** Opens a connection to another node for another protocol. */
  connect: PeerClient['connect'];
  /** Asks a peer soon what it knows of the union, because there is a reason to think that it knows more. */
  greet(peer: string): void;
  stop(): Promise<void>;
}

/**
 * Starts the exchange of a node: the server for the other nodes, the connections to them, and the work on what is to be sent and what
 * was received. Several processes of one node may each run one.
 * @throws Failure EXCHANGE_PORT_TAKEN
 * @example
 * const exchange = await startExchange(ctx, { handlers, transactions: { operations, resolve }, listen: { host, port } });
 * await exchange.stop();
 */
export async function startExchange(ctx: ExchangeContext, options: ExchangeOptions): Promise<Exchange> {
  const { trust, keys } = ctx;
  const client = makePeerClient({ trust, tls: keys.tls });
  const report = (error: unknown): void => options.onError?.(describeError(error));
  const hello = startHelloRounds(ctx, client, options);
  const back = noticeReturns(ctx);
  const seen = (route: PeerRoutes[string]) => (request: PeerRequest) => {
    back(request.peer);
    return route(request);
  };
  const routes: PeerRoutes = {
    ...options.routes,
    [`POST ${BATCH_PATH}`]: (request) => serveBatch(ctx, request, hello.askSoon),
    ...recoveryRoutes(ctx),
    'GET /exchange/proof/*': (request) => serveProofs(ctx, request),
    'GET /union/hello': hello.serve,
  };
  const server = await startPeerServer({
    trust,
    tls: keys.tls,
    listen: options.listen,
    routes: Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, seen(route)])),
    ...(options.protocols !== undefined && { protocols: options.protocols }),
    onError: report,
  }).catch(async (error: unknown) => {
    const greeted = hello.stop();
    await client.stop();
    await greeted;
    throw error;
  });
  const jobs = startJobs(ctx, jobHandlers(ctx, client, options), { onError: report });
  return {
    port: server.port,
    ask: client.ask,
    connect: client.connect,
    greet: hello.askSoon,
    async stop() {
      const greeted = hello.stop();
      await server.stop();
      // What is on its way may end; a peer that does not answer must not hold us up.
      const worked = jobs.stop();
      await Promise.race([worked, pause(1_500, undefined, { ref: false })]);
      await client.stop();
      await Promise.all([worked, greeted]);
    },
  };
}

function jobHandlers(ctx: ExchangeContext, client: PeerClient, options: ExchangeOptions): JobHandler[] {
  const { trust } = ctx;
  const { transactions } = options;
  const hooks: DeliveryHooks = {
    async delivered(tx, head, receivedAt) {
      await requestDelivered(tx, head, receivedAt);
      await options.delivered?.(tx, head, receivedAt);
    },
    async undelivered(tx, head, code) {
      if (transactions) await requestUndelivered(tx, ctx, transactions, head, code);
      await options.undelivered?.(tx, head, code);
    },
    onHop: options.onHop,
  };
  // By the charter of the moment: a state that joins is served without a restart.
  const carry = (peer: string, frame: Buffer) =>
    peer === trust.self ? receiveBatch(ctx, peer, frame) : carryBatch(ctx, client, peer, frame);
  const [ofSelf, ofPeer] = [askSelf(ctx), askPeer(client)];
  const ask: AskProofs = (peer, ids) => (peer === trust.self ? ofSelf : ofPeer)(peer, ids);
  const handlers = { ...options.handlers, ...(transactions ? transactionMessages(ctx, transactions) : {}) };
  return [
    deliveryHandler(ctx, carry, hooks),
    proofHandler(ctx, ask),
    incomingHandler(ctx, handlers, options.onHop),
    ...(transactions ? [timerHandler(ctx, findOperations(transactions))] : []),
  ];
}

function askPeer(client: PeerClient): AskProofs {
  return async (peer, ids) => {
    if (ids.length === 0) return {};
    const answer = await client.ask(peer, { method: 'GET', path: `/exchange/proof/${ids.join(',')}` });
    if (answer.status !== 200) throw new Failure('EXCHANGE_ANSWER', { peer, reason: `status ${answer.status}` });
    return (JSON.parse(answer.body.toString()) as { proofs: Record<string, InclusionProof | null> }).proofs;
  };
}

/** Our own side of a message to ourselves. */
function askSelf(ctx: ExchangeContext): AskProofs {
  return async (peer, ids) => {
    const rows = await ctx.db.query<{ id: string; leaf: string }>(
      'select id, leaf from exchange_received where sender = $1 and id = any($2)',
      [peer, ids],
    );
    const proofs: Record<string, InclusionProof | null> = {};
    for (const { id, leaf } of rows) proofs[id] = (await ownProof(ctx, leaf)) ?? null;
    return proofs;
  };
}

/** A peer that asks us something is there again: at most once a second per peer the store is asked whether it was away. */
function noticeReturns(ctx: ExchangeContext): (peer: string) => void {
  const asked = new Map<string, number>();
  return (peer) => {
    const now = performance.now();
    if (now - (asked.get(peer) ?? Number.NEGATIVE_INFINITY) < 1_000) return;
    asked.set(peer, now);
    void peerIsBack(ctx, peer).catch(() => undefined);
  };
}
