import {
  countBytes,
  decide,
  minimise,
  type NamedPerson,
  namedInCall,
  type Purpose,
  parseServiceName,
  parseSystemName,
  readPersonPlaces,
  type ServiceId,
  stateOfAgency,
} from '../access/index.ts';
import type { MessageHandler } from '../exchange/index.ts';
import { Failure, type Instant, isFailure, type Json, json, type Tx } from '../storage/index.ts';
import { type DeliverBody, readDeliverBody } from './body.ts';
import { JSON_TYPE } from './content.ts';
import { type MessagesContext, TYPES } from './context.ts';
import { retryDead } from './dead.ts';
import { type Outcome, tellOutcomes } from './outcomes.ts';
import { reasonOf } from './reasons.ts';
import { type SentStatus, settleSent } from './sent.ts';
import { takeEvent } from './topics/arrive-event.ts';
import { subscribeArrived, unsubscribeArrived } from './topics/subscribers.ts';
import { subscriptionArrived } from './topics/subscriptions.ts';
import { wakePullers } from './wake.ts';
import { wantTurn } from './webhooks/rows.ts';

type Message = Parameters<MessageHandler>[1];

/** What messages between systems do at a node, by their type in the exchange. */
export function messageHandlers(ctx: MessagesContext): Record<string, MessageHandler> {
  return {
    [TYPES.deliver]: (tx, message) => deliverArrived(tx, ctx, message),
    [TYPES.outcome]: (tx, message) => outcomesArrived(tx, message),
    [TYPES.again]: (tx, message) => againAsked(tx, ctx, message),
    [TYPES.subscribe]: (tx, message) => subscribeArrived(tx, ctx, message),
    [TYPES.unsubscribe]: (tx, message) => unsubscribeArrived(tx, ctx, message),
    [TYPES.subscription]: (tx, message) => subscriptionArrived(tx, ctx, message),
  };
}

/** A message came: into its channel where a grant lets its sender send, or a subscription wants it; else its refusal goes back. */
async function deliverArrived(tx: Tx, ctx: MessagesContext, { head, body }: Message): Promise<void> {
  let arrived: DeliverBody | undefined;
  let welcome: Welcome | undefined;
  try {
    arrived = readDeliverBody(body);
    const { event } = arrived;
    welcome =
      event === undefined
        ? await demandWelcome(ctx, head.from, arrived)
        : await takeEvent(tx, ctx, head.from, { ...arrived, event });
  } catch (error) {
    if (!isFailure(error) || error.code.startsWith('STORAGE_')) throw error;
    const reason = await reasonOf(ctx, error);
    const outcome = { id: head.id, status: 'refused' as const, reason };
    await tellOutcomes(tx, ctx, head.from, arrived?.channel ?? 'malformed', [outcome]);
    return;
  }
  if (welcome === undefined) return;
  await putIntoChannel(
    tx,
    { ...arrived, ...welcome },
    { id: head.id, created: head.created, expires: head.expires, at: ctx.clock.now() },
  );
}

/** What of a message goes into the channel, whom it names, and what for. */
interface Welcome {
  bytes: Buffer;
  persons: NamedPerson[] | undefined;
  purpose: Purpose;
}

/**
 * The node speaks for its own state's systems alone, and these may send what they are granted. A message that does not name whom it is
 * about, where the channel says it does, is refused: nobody could tell her of it.
 */
async function demandWelcome(ctx: MessagesContext, from: string, message: DeliverBody): Promise<Welcome> {
  const caller = parseSystemName(message.sender);
  if (stateOfAgency(caller.agency) !== from)
    throw new Failure('MESSAGES_FOREIGN_SENDER', { from, sender: message.sender });
  const service: ServiceId = parseServiceName(message.channel);
  const allowed = await decide(ctx, { caller, service, method: 'SEND', rawPath: `/${message.type}` });
  const { grant, path } = allowed;
  const value = message.contentType === JSON_TYPE ? (JSON.parse(message.bytes.toString('utf8')) as Json) : undefined;
  const persons = namedInCall(readPersonPlaces(allowed.service.persons ?? []), {
    path,
    rawQuery: '',
    headers: [],
    ...(value === undefined ? {} : { body: value }),
  });
  if (grant.fields !== null && value === undefined)
    throw new Failure('MESSAGES_CONTENT', { reason: 'the grant lets named fields of JSON through' });
  const bytes =
    grant.fields === null || value === undefined
      ? message.bytes
      : Buffer.from(JSON.stringify(minimise(value, grant.fields)), 'utf8');
  await countBytes(ctx, grant, message.bytes.length);
  return { bytes, persons, purpose: grant.purpose };
}

/** Puts a message into a channel, behind all that are there. A second time changes nothing. */
async function putIntoChannel(
  tx: Tx,
  message: DeliverBody & Welcome,
  { id, created, expires, at }: { id: string; created: Instant; expires: Instant; at: Instant },
): Promise<void> {
  const { channel, sender, type, key, contentType, bytes, persons, purpose } = message;
  await tx.query(
    `insert into messages_inbox (channel, id, sender, type, ordering_key, content_type, content, size, created, expires, received_at,
       persons, purpose, status)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb, 'ready') on conflict do nothing`,
    [
      channel,
      id,
      sender,
      type,
      key ?? null,
      contentType,
      bytes,
      bytes.length,
      created,
      expires,
      at,
      persons === undefined ? null : json(persons),
      json(purpose),
    ],
  );
  tx.afterCommit(() => wakePullers(tx.db, channel));
  if (message.event !== undefined) await wantTurn(tx, message.event.subscription, id);
}

const TOLD: readonly SentStatus[] = ['acknowledged', 'dead', 'refused', 'expired', 'dropped', 'received'];

/** What became of messages that this state's systems sent. Only the receiver's node can tell. */
async function outcomesArrived(tx: Tx, { head, body }: Message): Promise<void> {
  const { outcomes, at } = (body ?? {}) as { outcomes?: Json; at?: Json };
  if (!Array.isArray(outcomes) || typeof at !== 'string') throw new Failure('MESSAGES_MALFORMED');
  for (const outcome of outcomes as unknown as Outcome[]) {
    if (typeof outcome?.id !== 'string' || !TOLD.includes(outcome.status)) throw new Failure('MESSAGES_MALFORMED');
    await settleSent(tx, outcome.id, { status: outcome.status, at, reason: outcome.reason ?? null, from: head.from });
  }
}

/** Its sender wants a dead message to be handed out again. */
async function againAsked(tx: Tx, ctx: MessagesContext, { head, body }: Message): Promise<void> {
  const { id } = (body ?? {}) as { id?: Json };
  if (typeof id !== 'string') throw new Failure('MESSAGES_MALFORMED');
  const [row] = await tx.query<{ sender: string }>('select sender from messages_inbox where id = $1', [id]);
  if (row !== undefined && stateOfAgency(row.sender) === head.from) await retryDead(tx, ctx, id);
}
