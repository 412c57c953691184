import { setTimeout as pause } from 'node:timers/promises';
import { randomId } from '../crypto/index.ts';
import type { Body, Carry, Serve } from '../doors/index.ts';
import { type ExchangeContext, findReceivedBody, type MessageHandler, send } from '../exchange/index.ts';
import { addMilliseconds, enqueue, Failure, type JobHandler, type Json } from '../storage/index.ts';

/** What a call may take altogether, and how often its answer is looked for. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 15;
/** Before base64; a message of the exchange has at most 8 MiB. */
const MOST_BYTES = 5 * 1024 * 1024;

const REQUEST = 'call/request';
const ANSWER = 'call/answer';
const QUEUE = 'calls/serve';

/**
 * Carries the calls of doors as messages of the exchange: signed, in both ledgers, receipted, and durable before anything leaves. A call
 * has a lane of its own, lives a minute, and is never repeated at a service: where a process died in the middle, the answer says that
 * the outcome is not known.
 */
export function carryCalls(ctx: ExchangeContext): Carry {
  return async ({ to, head, body, signal }) => {
    const id = randomId();
    const lane = `call/${id}`;
    const expires = addMilliseconds(ctx.clock.now(), PATIENCE_MS);
    const content = { head: encoded(head), body: await wholeBody(body) };
    await ctx.db.transaction((tx) => send(tx, ctx, { id, to, type: REQUEST, lane, expires, body: content }));
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end && signal?.aborted !== true) {
      const answer = await findReceivedBody(ctx.db, { lane, sender: to, type: ANSWER });
      if (answer !== undefined) return { id, ...readContent(answer) };
      await pause(LOOK_MS);
    }
    throw new Failure('NODE_CALL_OUTCOME_UNKNOWN', { to, call: id });
  };
}

/** The asked side's messages, and the asking side's: an answer is fetched by whoever waits for it. */
export function callMessages(): Record<string, MessageHandler> {
  return {
    [REQUEST]: async (tx, { head, body }) => {
      const { id, from, expires, lane } = head;
      await enqueue(tx, { queue: QUEUE, key: id, payload: { id, from, expires, lane, content: body } });
    },
    [ANSWER]: async () => undefined,
  };
}

interface Wanted {
  id: string;
  from: string;
  expires: string;
  lane: string;
  content: Json;
}

/** Serves the calls that came; the answer is sent in the transaction that completes the job. */
export function callJob(ctx: ExchangeContext, serve: Serve, lost: () => { head: Uint8Array; body: Body }): JobHandler {
  return {
    queue: QUEUE,
    concurrency: 32,
    leaseMs: 15_000,
    async run([job]) {
      if (job === undefined) return undefined;
      const { id, from, expires, lane, content } = job.payload as unknown as Wanted;
      if (ctx.clock.now() > expires) return undefined;
      // A second attempt means that the first may have reached the service.
      const { head, body } = job.attempt > 1 ? lost() : await serve({ id, from, ...readContent(content) });
      const answer = { head: encoded(head), body: await wholeBody(body) };
      return async (tx) => {
        await send(tx, ctx, { to: from, type: ANSWER, lane, body: answer, expires });
      };
    },
  };
}

const encoded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function wholeBody(body: Body): Promise<string | null> {
  if (body === null) return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body instanceof Uint8Array ? [body] : body) {
    size += (part as Uint8Array).length;
    if (size > MOST_BYTES) throw new Failure('NODE_CALL_TOO_LARGE', { most: MOST_BYTES });
    parts.push(part as Uint8Array);
  }
  return encoded(Buffer.concat(parts));
}

function readContent(content: Json): { head: Buffer; body: Buffer | null } {
  const { head, body } = (content ?? {}) as { head?: Json; body?: Json };
  if (typeof head !== 'string' || (typeof body !== 'string' && body !== null)) throw new Failure('NODE_CALL_MALFORMED');
  return { head: Buffer.from(head, 'base64'), body: body === null ? null : Buffer.from(body, 'base64') };
}
