import { enqueueAll, Failure, type Instant, isFailure } from '../../storage/index.ts';
import { type ExchangeContext, QUEUES, VOID_TYPE } from '../context.ts';
import { LIMITS } from '../limits.ts';
import type { PeerRequest, PeerResponse, PeerRoutes } from '../transport/server.ts';

/** A message of the asker as this node received it: exact bytes, base64. */
export interface KeptMessage {
  head: string;
  body: string;
  salt: string;
}

export const KEPT_PATH = '/exchange/kept';
export const AGAIN_PATH = '/exchange/again';
/** Messages of one answer. */
const A_PAGE = 100;

/**
 * What a counterparty gives a node that was restored from an old backup: the messages that it had sent (`GET /exchange/kept`), which it does not
 * remember, and once more those that it had received (`POST /exchange/again`). Only its own: who asks was settled by the connection.
 */
export function recoveryRoutes(ctx: ExchangeContext): PeerRoutes {
  return {
    [`GET ${KEPT_PATH}`]: (request) => serveKept(ctx, request),
    [`POST ${AGAIN_PATH}`]: (request) => sendAgain(ctx, request),
  };
}

async function serveKept({ db }: ExchangeContext, { peer, query }: PeerRequest): Promise<PeerResponse> {
  const since = demandInstant(query.get('since'));
  const after = query.get('after');
  const isId = after === null || /^[0-9a-f-]{36}$/.test(after);
  if (!isId) throw new Failure('EXCHANGE_MALFORMED', { what: 'question', reason: 'its place is no id' });
  const rows = await db.query<{ id: string; head: Buffer; body: Buffer; salt: Buffer }>(
    `select id, head, body, salt from exchange_received
     where sender = $1 and received_at >= $2 and id > $3 and body is not null order by id limit $4`,
    [peer, since, after ?? '00000000-0000-0000-0000-000000000000', A_PAGE],
  );
  let size = 0;
  // At least one, or a large message would end the list; what does not fit is on the next page.
  const fitting = rows.filter(({ body }, place) => {
    size += body.length * 1.4 + 4_096;
    return place === 0 || size < LIMITS.batchBytes;
  });
  const last = fitting.at(-1)?.id ?? null;
  const messages = fitting.map(
    ({ head, body, salt }): KeptMessage => ({
      head: head.toString('base64'),
      body: body.toString('base64'),
      salt: salt.toString('base64'),
    }),
  );
  return {
    status: 200,
    type: 'application/json',
    body: JSON.stringify({ messages, next: fitting.length > 0 ? last : null }),
  };
}

/** Each of them is delivered once more; who has it after all answers as to any message that comes twice. */
async function sendAgain(ctx: ExchangeContext, { peer, body }: PeerRequest): Promise<PeerResponse> {
  let said: { since?: unknown };
  try {
    said = JSON.parse(body.toString('utf8')) as typeof said;
  } catch (error) {
    throw isFailure(error) ? error : new Failure('EXCHANGE_MALFORMED', { what: 'question', reason: 'it is not JSON' });
  }
  const since = demandInstant(said.since);
  const count = await ctx.db.transaction(async (tx) => {
    const rows = await tx.query<{ lane: string; id: string }>(
      `update exchange_sent set status = 'confirming'
       where receiver = $1 and status = 'delivered' and received_at >= $2 and body is not null and type <> $3 returning lane, id`,
      [peer, since, VOID_TYPE],
    );
    await enqueueAll(
      tx,
      rows.map(({ lane, id }) => ({ queue: QUEUES.outgoing(peer), key: id, payload: { lane, id } })),
    );
    return rows.length;
  });
  return { status: 200, type: 'application/json', body: JSON.stringify({ count }) };
}

function demandInstant(value: unknown): Instant {
  if (typeof value === 'string' && new Date(value).toString() !== 'Invalid Date' && value.endsWith('Z')) return value;
  throw new Failure('EXCHANGE_MALFORMED', { what: 'question', reason: 'its moment is none' });
}
