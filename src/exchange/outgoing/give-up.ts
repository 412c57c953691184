import { canonicalJson, randomId } from '../../crypto/index.ts';
import { addMilliseconds, enqueue, type Instant, type Queryable, type Tx } from '../../storage/index.ts';
import { type ExchangeContext, QUEUES, VOID_TYPE } from '../context.ts';
import type { MessageHead } from '../protocol/head.ts';
import { putMessages } from './send.ts';

/** A void waits for its receiver as long as it takes: the lane behind it stands still until then. */
const VOID_LIFE_MS = 20 * 366 * 86_400_000;

/** Told when it is certain that a message was not and will not be received: signed by the receiver. */
export type Undelivered = (tx: Tx, head: MessageHead, code: string) => Promise<void>;

/**
 * Gives a message's place up. The receiver would wait for ever at the gap in its lane, and the sender would never know whether the
 * message had come after all; so a *void* takes the place. Either the receiver takes the void, and then the message can come no
 * more; or it answers that the place is taken, and then the message had come and only its receipt was lost.
 * @param status 'voiding' for a message that expired, 'refused' for one whose refusal is certain already
 */
export async function giveUpPlace(
  tx: Tx,
  ctx: ExchangeContext,
  head: MessageHead,
  status: 'voiding' | 'refused',
  code: string,
): Promise<void> {
  await setStatus(tx, head.lane, head.id, status, code);
  const message = {
    to: head.to,
    type: VOID_TYPE,
    lane: head.lane,
    id: randomId(),
    body: Buffer.from(canonicalJson({ code })),
    sequence: head.sequence,
    voids: head.id,
    expires: addMilliseconds(ctx.clock.now(), VOID_LIFE_MS),
    ...(head.application === undefined ? {} : { application: head.application }),
  };
  await putMessages(tx, ctx, [message]);
}

/** The receiver took the void: the message is certainly not delivered. */
export async function voidReceived(tx: Tx, head: MessageHead, undelivered: Undelivered): Promise<void> {
  const original = await findVoiding(tx, head);
  if (original === undefined) return;
  await setStatus(tx, head.lane, original.head.id, 'expired', original.code);
  await undelivered(tx, original.head, original.code);
}

/**
 * The receiver is in the union no more: nobody will ever say whether a message came, and none is brought there. All that waits for it is given
 * up, so that what hangs on it can go on.
 */
export async function receiverLeft(
  tx: Tx,
  waiting: readonly { parsed: MessageHead }[],
  undelivered: Undelivered,
): Promise<void> {
  for (const { parsed } of waiting) {
    await setStatus(tx, parsed.lane, parsed.id, 'refused', 'EXCHANGE_RECEIVER_LEFT');
    if (parsed.type === VOID_TYPE) await voidReceived(tx, parsed, undelivered);
    else await undelivered(tx, parsed, 'EXCHANGE_RECEIVER_LEFT');
  }
}

/** The place was taken: the message had been received. It is sent once more, expired or not, to get its receipt. */
export async function placeWasTaken(tx: Tx, head: MessageHead): Promise<void> {
  await setStatus(tx, head.lane, head.id, 'refused', 'EXCHANGE_SEQUENCE_TAKEN');
  const original = await findVoiding(tx, head);
  if (original === undefined) return;
  await setStatus(tx, head.lane, original.head.id, 'confirming', null);
  const { lane, id, to } = original.head;
  await enqueue(tx, { queue: QUEUES.outgoing(to), key: id, payload: { lane, id } });
}

async function findVoiding(tx: Tx, head: MessageHead): Promise<{ head: MessageHead; code: string } | undefined> {
  const [row] = await tx.query<{ head: Buffer; code: string }>(
    `select head, coalesce(refusal, 'EXCHANGE_UNDELIVERED') as code from exchange_sent
     where lane = $1 and id = $2 and status = 'voiding' for update`,
    [head.lane, head.voids],
  );
  return row === undefined ? undefined : { head: JSON.parse(row.head.toString()) as MessageHead, code: row.code };
}

/** Settles how a message stands; `code` says why. */
export async function setStatus(tx: Tx, lane: string, id: string, status: string, code: string | null): Promise<void> {
  await tx.query('update exchange_sent set status = $3, refusal = $4 where lane = $1 and id = $2', [
    lane,
    id,
    status,
    code,
  ]);
}

/** A message that was not delivered, or of which that is not certain yet. */
interface UndeliveredMessage {
  id: string;
  receiver: string;
  type: string;
  lane: string;
  created: Instant;
  /** voiding: it expired, and its receiver was not heard of since; expired, refused: certain. */
  status: 'voiding' | 'expired' | 'refused';
  code: string;
}

/** The sender's dead letters, latest first. */
export async function listUndelivered(db: Queryable): Promise<UndeliveredMessage[]> {
  return db.query<UndeliveredMessage>(
    `select id, receiver, type, lane, created, status, coalesce(refusal, 'EXCHANGE_UNDELIVERED') as code from exchange_sent
     where status in ('voiding', 'expired', 'refused') and type <> $1 order by created desc limit 1000`,
    [VOID_TYPE],
  );
}
