import { parseServiceName, parseSystemName, type SystemId, stateOfAgency, systemName } from '../access/index.ts';
import { findSentBody, send } from '../exchange/index.ts';
import { Failure, type Json, type Queryable } from '../storage/index.ts';
import { readDeliverBody } from './body.ts';
import { JSON_TYPE } from './content.ts';
import { type MessagesContext, TYPES } from './context.ts';
import { LIMITS } from './limits.ts';
import { laneOf } from './names.ts';
import { sendMessage } from './send.ts';
import { findSent, type SentMessage } from './sent.ts';

/**
 * Sends a message again that came to nothing. One that was refused or has expired goes as a new message, at the end of its key; one
 * that is dead at its receiver is handed out there again, in its own place.
 * @throws Failure MESSAGES_UNKNOWN, MESSAGES_NOT_RESENT, MESSAGES_ERASED
 */
export async function resendMessage(ctx: MessagesContext, sender: SystemId, id: string): Promise<SentMessage> {
  const found = await findSent(ctx.db, sender, { id });
  if (found === undefined) throw new Failure('MESSAGES_UNKNOWN', { message: id, system: systemName(sender) });
  if (found.status === 'dead') {
    await askAgain(ctx, found);
    return (await findSent(ctx.db, sender, { id })) as SentMessage;
  }
  if (found.status === 'resent') return getMessage(ctx.db, sender, found.resentAs ?? '');
  if (found.status !== 'refused' && found.status !== 'expired')
    throw new Failure('MESSAGES_NOT_RESENT', { message: id, status: found.status });
  const stored = await findSentBody(ctx.db, found);
  if (stored === undefined) throw new Failure('MESSAGES_ERASED', { message: id });
  const { bytes, contentType } = readDeliverBody(stored);
  // The key is made of the message: whoever asks twice gets the same new one.
  const { message } = await sendMessage(ctx, sender, {
    channel: parseServiceName(found.channel),
    type: found.type,
    key: found.key ?? undefined,
    content: contentType === JSON_TYPE ? { json: JSON.parse(bytes.toString('utf8')) as Json } : { bytes, contentType },
    expiresInSeconds: Math.min(
      Math.max(1, Math.round((Date.parse(found.expires) - Date.parse(found.created)) / 1000)),
      LIMITS.lifeSeconds.most,
    ),
    idempotencyKey: `resend/${id}`,
  });
  await ctx.db.query(`update messages_sent set status = 'resent', resent_as = $3 where sender = $1 and id = $2`, [
    systemName(sender),
    id,
    message.id,
  ]);
  return message;
}

/** Asks the receiver's node to hand a dead message out again. */
async function askAgain(ctx: MessagesContext, found: SentMessage & { lane: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const asked = await tx.query(
      `update messages_sent set status = 'received', status_at = $2, reason = null where id = $1 and status = 'dead' returning 1`,
      [found.id, ctx.clock.now()],
    );
    if (asked.length === 0) return;
    const lane = laneOf('again', found.channel, found.id, found.id);
    const to = stateOfAgency(found.channel);
    await send(tx, ctx, { to, type: TYPES.again, lane, body: { id: found.id } });
  });
}

async function getMessage(db: Queryable, sender: SystemId, id: string): Promise<SentMessage> {
  const found = await findSent(db, sender, { id });
  if (found === undefined) throw new Failure('MESSAGES_UNKNOWN', { message: id, system: systemName(sender) });
  return found;
}

/** The same for an operator, who names no system. @returns undefined where no system of this state sent it */
export async function resendByOperator(ctx: MessagesContext, id: string): Promise<SentMessage | undefined> {
  const [row] = await ctx.db.query<{ sender: string }>('select sender from messages_sent where id::text = $1', [id]);
  return row === undefined ? undefined : resendMessage(ctx, parseSystemName(row.sender), id);
}
