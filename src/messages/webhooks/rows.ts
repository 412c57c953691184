import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type SystemId, systemName } from '../../access/index.ts';
import { enqueue, Failure, type Instant, type Queryable, type Tx } from '../../storage/index.ts';

/** Brings the events of one subscription to its webhook. */
export const WEBHOOK = 'messages/webhook';

/** Where a system wants its events. */
export interface NewWebhook {
  /** `https://…` without user, query or fragment. */
  url: string;
  /** PEM of the certificate, or of its authority, that is trusted there in place of the usual ones. */
  certificate?: string | undefined;
}

/** A webhook as its system sees it. */
export interface WebhookState {
  url: string;
  /** When the target said that it wants events; null: not yet. */
  provenAt: Instant | null;
  /** Why the last try failed: `PRIVATE_ADDRESS`, `HTTP_503`; null: it did not. */
  failure: string | null;
  triedAt: Instant | null;
}

/** What the delivery needs of it. */
export interface Webhook extends WebhookState {
  id: string;
  system: string;
  certificate: string | null;
  rate: number | null;
  pacedUntil: Instant | null;
  attempts: number;
}

/**
 * That an address can be a webhook's. To whom it leads is looked at with each connection.
 * @throws Failure MESSAGES_WEBHOOK
 */
export function demandWebhook({ url, certificate }: NewWebhook): void {
  const unfit = (reason: string) => new Failure('MESSAGES_WEBHOOK', { reason });
  const parsed = URL.parse(url);
  if (parsed === null || parsed.protocol !== 'https:') throw unfit('it is not an absolute https URL');
  if (parsed.username || parsed.password || url.includes('?') || url.includes('#'))
    throw unfit('it has a user, a query or a fragment');
  if (isIP(parsed.hostname.replace(/^\[|\]$/g, '')) === 0 && !parsed.hostname.includes('.'))
    throw unfit('its host is no full name');
  if (certificate === undefined) return;
  try {
    new X509Certificate(certificate);
  } catch {
    throw unfit('its certificate is not one in PEM');
  }
}

/** Keeps the webhook of a new subscription. */
export async function addWebhook(
  tx: Tx,
  { id, system, webhook }: { id: string; system: SystemId; webhook: NewWebhook },
): Promise<void> {
  await tx.query('insert into messages_webhook (id, system, url, certificate) values ($1, $2, $3, $4)', [
    id,
    systemName(system),
    webhook.url,
    webhook.certificate ?? null,
  ]);
}

/** The webhook of a subscription that is in force. */
export async function findWebhook(db: Queryable, id: string): Promise<Webhook | undefined> {
  const [row] = await db.query<Webhook>(
    `select w.id, w.system, url, certificate, proven_at as "provenAt", rate, paced_until as "pacedUntil", attempts, failure, tried_at as "triedAt"
     from messages_webhook w join messages_subscription s on s.system = w.system and s.id = w.id
     where w.id = $1 and s.status = 'active'`,
    [id],
  );
  return row;
}

/** Wants a turn of a subscription's webhook, where it has one; `cause` tells one turn from another. */
export async function wantTurn(tx: Tx, id: string, cause: string, runAt?: Instant): Promise<void> {
  const found = await tx.query('select 1 from messages_webhook where id = $1', [id]);
  if (found.length === 0) return;
  const when = runAt === undefined ? {} : { runAt };
  await enqueue(tx, { queue: WEBHOOK, key: `${id}/${cause}`, lane: id, payload: { id }, ...when });
}
