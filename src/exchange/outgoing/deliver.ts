import { sha256 } from '../../crypto/index.ts';
import { type Hop, msSince, noteHop } from '../../measures/index.ts';
import { enqueueAll, Failure, isFailure, type JobHandler, type Tx } from '../../storage/index.ts';
import { type ExchangeContext, QUEUES, VOID_TYPE } from '../context.ts';
import { noteFailure, noteHeard } from '../health.ts';
import { LIMITS } from '../limits.ts';
import { isRefusal } from '../protocol/answer.ts';
import { type Answers, checkAnswers } from '../protocol/answers.ts';
import { type Batch, makeBatch, type ReadMessage } from '../protocol/batch.ts';
import { sizeInBatch } from '../protocol/frame.ts';
import type { MessageHead } from '../protocol/head.ts';
import { traceOfMessage } from '../trace.ts';
import { giveUpPlace, placeWasTaken, receiverLeft, setStatus, type Undelivered, voidReceived } from './give-up.ts';
import { type Receipted, storeReceipts, type WaitingMessage, waitingMessages, withBodies } from './rows.ts';

/** Brings a batch's bytes to its receiver and gives back the bytes of the answer. Throws where there is none. */
type Carry = (peer: string, frame: Buffer) => Promise<Buffer>;

export interface DeliveryHooks {
  /** In the transaction that stores a receipt. */
  delivered(tx: Tx, head: MessageHead, receivedAt: string): Promise<void>;
  undelivered: Undelivered;
  onHop?: ((hop: Hop) => void) | undefined;
}

/** Refusals of a batch of one message that its content causes: trying again would never help. */
const ABOUT_CONTENT = ['EXCHANGE_MALFORMED', 'EXCHANGE_TOO_LARGE'];

/**
 * Delivers to the receiver of a queue: what has gathered while the last batch was on its way goes as the next batch, in the order of its
 * sending. The queue is serial, so a receiver that is away is asked by one attempt at a time, with back-off, however many
 * messages wait; and what waits is rows, not memory: of the next messages the heads are read, and bodies only as many as a batch holds.
 */
export function deliveryHandler(ctx: ExchangeContext, carry: Carry, hooks: DeliveryHooks): JobHandler {
  return {
    queue: QUEUES.outgoing('*'),
    batch: LIMITS.messages,
    serial: true,
    maxAttempts: Number.POSITIVE_INFINITY,
    // Renewed while the work goes on; a process that was killed holds up the others no longer than this.
    leaseMs: 4_000,
    // Half a second, doubled up to 15 s, each a third up or down: a node that returns is asked soon, and not by all at once.
    backoffMs: (attempt) => Math.min(250 * 2 ** attempt, 15_000) * (0.67 + Math.random() * 0.66),
    async run(jobs) {
      const peer = QUEUES.peerOf(jobs[0]?.queue ?? '');
      const waiting = await waitingMessages(ctx.db, jobs);
      if (!(await isMember(ctx, peer))) return (tx) => receiverLeft(tx, waiting, hooks.undelivered);
      const now = ctx.clock.now();
      const expired = waiting.filter((message) => isExpired(message, now));
      const fitting = fittingBatch(waiting.filter((message) => !isExpired(message, now)));
      const began = performance.now();
      const exchanged = await attempt(ctx, peer, carry, await withBodies(ctx.db, fitting));
      const ms = msSince(began);
      // The rest goes with the next batch: its jobs are wanted again in the transaction that completes this one.
      const left = new Set(waiting.map(({ parsed }) => parsed.id));
      for (const { parsed } of [...expired, ...fitting]) left.delete(parsed.id);
      return async (tx) => {
        for (const { parsed } of expired) await giveUpPlace(tx, ctx, parsed, 'voiding', 'EXCHANGE_UNDELIVERED');
        await settle(tx, ctx, exchanged, hooks);
        if (exchanged) await noteHeard(tx, ctx, peer, { delivered: true });
        if (exchanged && 'batch' in exchanged)
          tx.afterCommit(() => noteDelivered(exchanged.batch, { peer, ms, onHop: hooks.onHop }));
        await enqueueAll(
          tx,
          jobs.filter((job) => left.has(job.key)).map(({ queue, key, payload }) => ({ queue, key, payload })),
        );
      };
    },
  };
}

function noteDelivered(
  { messages }: Batch,
  { peer, ms, onHop }: { peer: string; ms: number; onHop: DeliveryHooks['onHop'] },
): void {
  for (const { parsed } of messages)
    noteHop(
      { hop: 'deliver', trace: traceOfMessage(parsed), peer, id: parsed.id, what: parsed.type, outcome: 'taken', ms },
      onHop,
    );
}

/** Whether a state is in the union, by the newest charter that any process of this node was given: what is given up is given up for good. */
async function isMember({ trust }: ExchangeContext, peer: string): Promise<boolean> {
  if (!trust.states().includes(peer)) await trust.refresh();
  return trust.states().includes(peer);
}

function isExpired({ parsed, status }: WaitingMessage, now: string): boolean {
  return parsed.expires <= now && status === 'waiting';
}

/** As many of the first messages as a batch holds; at least one. */
function fittingBatch(messages: WaitingMessage[]): WaitingMessage[] {
  let size = 4096;
  const end = messages.findIndex((message) => {
    size += sizeInBatch(message);
    return size > LIMITS.batchBytes;
  });
  return end === -1 ? messages : messages.slice(0, Math.max(1, end));
}

type Exchanged = { batch: Batch; answers: Answers } | { refused: MessageHead; code: string } | undefined;

async function attempt(ctx: ExchangeContext, peer: string, carry: Carry, messages: ReadMessage[]): Promise<Exchanged> {
  if (messages.length === 0) return undefined;
  const { trust, keys, clock } = ctx;
  try {
    // The key that this process holds must be one that our own manifest lists now: a peer would refuse anything else.
    trust.key(trust.self, 'messages', keys.messages.public.id);
    const batch = makeBatch({ trust, key: keys.messages, now: clock.now() }, peer, messages);
    const answer = await carry(peer, batch.frame);
    return { batch, answers: checkAnswers(answer, batch, trust) };
  } catch (error) {
    const code = isFailure(error, 'EXCHANGE_PEER_REFUSED') ? String(error.params.code) : undefined;
    const [only] = messages;
    if (code !== undefined && only !== undefined && messages.length === 1 && ABOUT_CONTENT.includes(code)) {
      return { refused: only.parsed, code };
    }
    await noteFailure(ctx, peer, error).catch(() => undefined);
    throw error;
  }
}

async function settle(tx: Tx, ctx: ExchangeContext, exchanged: Exchanged, hooks: DeliveryHooks): Promise<void> {
  if (exchanged === undefined) return;
  if ('refused' in exchanged) return refuse(tx, ctx, exchanged.refused, exchanged.code, hooks);
  const { batch, answers } = exchanged;
  const receipted: Receipted[] = [];
  batch.messages.forEach((message, place) => {
    const answer = answers.answers[place];
    if (answer === undefined || isRefusal(answer)) return;
    demandOwnReceipt(batch, place, answer);
    receipted.push({ message, receipt: answer, place });
  });
  await storeReceipts(tx, ctx, batch, answers, receipted);
  for (const { message, receipt } of receipted) {
    const { parsed } = message;
    if (parsed.type === VOID_TYPE) await voidReceived(tx, parsed, hooks.undelivered);
    else await hooks.delivered(tx, parsed, receipt.receivedAt);
  }
  for (const [place, { parsed }] of batch.messages.entries()) {
    const answer = answers.answers[place];
    if (answer === undefined || !isRefusal(answer)) continue;
    if (parsed.type === VOID_TYPE && answer.refused === 'EXCHANGE_SEQUENCE_TAKEN') await placeWasTaken(tx, parsed);
    else await refuse(tx, ctx, parsed, answer.refused, hooks);
  }
}

/** A receipt is about what was sent, or it is worth nothing. @throws Failure EXCHANGE_ANSWER */
function demandOwnReceipt(
  batch: Batch,
  place: number,
  receipt: { head: string; body: string; from: string; to: string },
): void {
  const { envelope } = batch.signed;
  const message = batch.messages[place];
  const isOfMessage =
    message !== undefined &&
    receipt.head === sha256(message.head).toString('hex') &&
    receipt.body === sha256(message.body).toString('hex');
  if (isOfMessage && receipt.from === envelope.sender && receipt.to === envelope.receiver) return;
  throw new Failure('EXCHANGE_ANSWER', { peer: envelope.receiver, reason: 'a receipt is of another message' });
}

/** Certain: the receiver said so. The place in the lane is given up where nothing else holds it. */
async function refuse(
  tx: Tx,
  ctx: ExchangeContext,
  head: MessageHead,
  code: string,
  hooks: DeliveryHooks,
): Promise<void> {
  if (head.type === VOID_TYPE || code === 'EXCHANGE_SEQUENCE_TAKEN') {
    await setStatus(tx, head.lane, head.id, 'refused', code);
    if (head.type === VOID_TYPE) return;
  } else {
    await giveUpPlace(tx, ctx, head, 'refused', code);
  }
  await hooks.undelivered(tx, head, code);
}
