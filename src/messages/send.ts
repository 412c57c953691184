import { type ServiceId, type SystemId, serviceName, systemName, takeCall } from '../access/index.ts';
import { canonicalJson, randomId, sha256 } from '../crypto/index.ts';
import { send } from '../exchange/index.ts';
import { addMilliseconds, Failure, type Tx } from '../storage/index.ts';
import { deliverBody } from './body.ts';
import { type Content, type PackedContent, packContent } from './content.ts';
import { type MessagesContext, TYPES } from './context.ts';
import { LIMITS } from './limits.ts';
import { demandKey, demandReceiverState, demandType, laneOf } from './names.ts';
import { findSent, type SentMessage } from './sent.ts';

/** A message that one system wants to send to a channel of another. */
export interface NewMessage {
  channel: ServiceId;
  type: string;
  /** Messages of one sender with one key are handed out in the order of their sending. */
  key?: string | undefined;
  content: Content;
  expiresInSeconds?: number | undefined;
  /** Sending again with the same key gives the same message. */
  idempotencyKey: string;
}

/**
 * Sends a message to a channel: it is durable, in this node's ledger and on its way when this returns. Whether its sender may is for the
 * grants of the channel's owner: its status tells.
 * @throws Failure MESSAGES_TYPE, MESSAGES_KEY, MESSAGES_LIFE, MESSAGES_CONTENT, MESSAGES_TOO_LARGE, MESSAGES_RECEIVER_UNKNOWN, MESSAGES_RATE,
 *   MESSAGES_KEY_REUSED
 * @example
 * await sendMessage(ctx, { agency: 'by.pension-fund', system: 'registry' }, { channel, type: 'claim.filed', key: 'claim-7',
 *   content: { json: { claim: 7 } }, idempotencyKey: 'claim-7-filed' })
 */
export async function sendMessage(
  ctx: MessagesContext,
  sender: SystemId,
  input: NewMessage,
): Promise<{ message: SentMessage; isNew: boolean }> {
  const wanted = demandMessage(ctx, input);
  await demandRate(ctx, sender);
  return ctx.db.transaction(async (tx) => {
    const isNew = await putMessage(tx, ctx, sender, wanted);
    const known = await findSent(tx, sender, { idempotencyKey: wanted.idempotencyKey });
    if (!known?.requestDigest.equals(wanted.digest)) throw new Failure('MESSAGES_KEY_REUSED');
    const { requestDigest, lane, ...message } = known;
    return { message, isNew };
  });
}

/** A message whose form is settled. */
interface WantedMessage extends PackedContent {
  id: string;
  state: string;
  channel: string;
  type: string;
  key: string | undefined;
  lifeSeconds: number;
  idempotencyKey: string;
  digest: Buffer;
}

function demandMessage(ctx: MessagesContext, input: NewMessage): WantedMessage {
  const state = demandReceiverState(ctx, input.channel);
  const channel = serviceName(input.channel);
  const type = demandType(input.type);
  const key = input.key === undefined ? undefined : demandKey('ordering key', input.key, 200);
  const idempotencyKey = demandKey('idempotency key', input.idempotencyKey, 100);
  const lifeSeconds = input.expiresInSeconds ?? LIMITS.lifeSeconds.usual;
  if (!Number.isSafeInteger(lifeSeconds) || lifeSeconds < 1 || lifeSeconds > LIMITS.lifeSeconds.most)
    throw new Failure('MESSAGES_LIFE', { most: LIMITS.lifeSeconds.most });
  const packed = packContent(input.content);
  const asked = { channel, type, key: key ?? null, lifeSeconds, contentType: packed.contentType };
  const digest = sha256(Buffer.concat([Buffer.from(canonicalJson(asked)), packed.bytes]));
  return { id: randomId(), state, channel, type, key, idempotencyKey, lifeSeconds, digest, ...packed };
}

/** Writes a message and hands it to the exchange. @returns false where its idempotency key was used before */
async function putMessage(tx: Tx, ctx: MessagesContext, from: SystemId, message: WantedMessage): Promise<boolean> {
  const sender = systemName(from);
  const now = ctx.clock.now();
  const { id, channel, type, key, contentType, bytes } = message;
  const lane = laneOf(sender, channel, key, id);
  const expires = addMilliseconds(now, message.lifeSeconds * 1000);
  const made = await tx.query(
    `insert into messages_sent (sender, id, idempotency_key, request_digest, channel, type, ordering_key, lane, content_type, size, created,
       expires, status, status_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting', $11)
     on conflict (sender, idempotency_key) do nothing returning 1`,
    [
      sender,
      id,
      message.idempotencyKey,
      message.digest,
      channel,
      type,
      key ?? null,
      lane,
      contentType,
      bytes.length,
      now,
      expires,
    ],
  );
  if (made.length === 0) return false;
  const body = deliverBody({ sender, channel, type, key, contentType, bytes });
  await send(tx, ctx, { id, to: message.state, type: TYPES.deliver, lane, expires, body });
  return true;
}

/** All processes of a node together let a system send so much in a minute. */
export async function demandRate(ctx: MessagesContext, sender: SystemId): Promise<void> {
  const name = systemName(sender);
  const most = LIMITS.sentInMinute;
  // The quota of nobody's grant: its id is made of the system's name.
  const hex = sha256(`messages ${name}`).toString('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const until = await takeCall(ctx, { id, quota: { calls: most, windowSeconds: 60 } });
  if (until === undefined) return;
  throw new Failure('MESSAGES_RATE', { sender: name, most, until: new Date(until).toISOString() });
}
