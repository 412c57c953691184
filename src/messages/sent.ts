import { type SystemId, systemName } from '../access/index.ts';
import type { Instant, Json, Queryable } from '../storage/index.ts';

/** How a message stands for who sent it. */
export type SentStatus =
  | 'waiting'
  | 'received'
  | 'acknowledged'
  | 'dead'
  | 'refused'
  | 'expired'
  | 'dropped'
  | 'resent';

/** Why a message came to nothing: a code, and for a refusal by the receiver's grants what is missing and whom to ask. */
export interface Reason {
  code: string;
  detail?: string;
  denial?: string;
  askAgency?: string;
}

/** A message as its sender sees it. Its content stays in the exchange. */
export interface SentMessage {
  id: string;
  idempotencyKey: string;
  channel: string;
  type: string;
  key: string | null;
  contentType: string;
  size: number;
  created: Instant;
  expires: Instant;
  status: SentStatus;
  statusAt: Instant;
  reason: Reason | null;
  resentAs: string | null;
}

const COLUMNS = `id, idempotency_key as "idempotencyKey", channel, type, ordering_key as key, content_type as "contentType", size, created,
  expires, status, status_at as "statusAt", reason, resent_as as "resentAs"`;

/** A message of a system by its id or idempotency key, with what only this room needs of it. */
export async function findSent(
  db: Queryable,
  sender: SystemId,
  by: { id?: string; idempotencyKey?: string },
): Promise<(SentMessage & { requestDigest: Buffer; lane: string }) | undefined> {
  const [row] = await db.query<SentMessage & { requestDigest: Buffer; lane: string }>(
    `select ${COLUMNS}, request_digest as "requestDigest", lane from messages_sent
     where sender = $1 and (($2::uuid is not null and id = $2) or ($3::text is not null and idempotency_key = $3))`,
    [systemName(sender), by.id ?? null, by.idempotencyKey ?? null],
  );
  return row;
}

/** What is searched among one's own messages. */
export interface SentQuery {
  status?: SentStatus | undefined;
  channel?: string | undefined;
  type?: string | undefined;
  key?: string | undefined;
  /** Only older ones than this message. */
  before?: string | undefined;
  limit: number;
}

/** The messages that a system sent, the newest first. */
export async function listSent(db: Queryable, sender: SystemId, query: SentQuery): Promise<SentMessage[]> {
  return db.query<SentMessage>(
    `select ${COLUMNS} from messages_sent
     where sender = $1 and ($2::text is null or status = $2) and ($3::text is null or channel = $3) and ($4::text is null or type = $4)
       and ($5::text is null or ordering_key = $5) and ($6::uuid is null or id < $6)
     order by id desc limit $7`,
    [
      systemName(sender),
      query.status ?? null,
      query.channel ?? null,
      query.type ?? null,
      query.key ?? null,
      query.before ?? null,
      query.limit,
    ],
  );
}

/** The outcome of a message, as the receiver's node tells it. A later word replaces an earlier one; what is told twice changes nothing. */
export async function settleSent(
  db: Queryable,
  id: string,
  { status, at, reason, from }: { status: SentStatus; at: Instant; reason: Reason | null; from: string },
): Promise<void> {
  await db.query(
    `update messages_sent set status = $2, status_at = $3, reason = $4::jsonb
     where id = $1 and split_part(channel, '.', 1) = $5 and status not in ('resent', 'acknowledged', 'dropped')`,
    [id, status, at, reason === null ? null : JSON.stringify(reason as unknown as Json), from],
  );
}

/** A refusal for lack of a grant that came back with a message of a system, by the id of the refusal. */
export async function findSentRefusal(
  db: Queryable,
  sender: SystemId,
  denial: string,
): Promise<{ channel: string; statusAt: Instant; reason: Reason } | undefined> {
  const [row] = await db.query<{ channel: string; statusAt: Instant; reason: Reason }>(
    `select channel, status_at as "statusAt", reason from messages_sent
     where sender = $1 and status in ('refused', 'resent') and reason->>'denial' = $2`,
    [systemName(sender), denial],
  );
  return row;
}
