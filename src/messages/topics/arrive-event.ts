import type { NamedPerson, Purpose } from '../../access/index.ts';
import { stateOfAgency } from '../../access/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { DeliverBody } from '../body.ts';
import type { MessagesContext } from '../context.ts';
import { tellTopic } from './subscriptions.ts';

/** What of an event goes into the channel of its subscription. */
interface Taken {
  bytes: Buffer;
  persons: NamedPerson[] | undefined;
  purpose: Purpose;
}

/**
 * An event is welcome where a system of this state asked for it, of that topic, and has not ended it: its grant was judged by the node of the
 * topic. Another one is dropped, and its node told.
 */
export async function takeEvent(
  tx: Tx,
  ctx: MessagesContext,
  from: string,
  { sender, channel, bytes, event }: DeliverBody & Required<Pick<DeliverBody, 'event'>>,
): Promise<Taken | undefined> {
  const { subscription, persons, purpose } = event as NonNullable<typeof event>;
  const [row] = await tx.query<{ system: string; topic: string; isOpen: boolean }>(
    `select system, topic, status in ('waiting', 'active') and expires > $2 as "isOpen" from messages_subscription where id = $1`,
    [subscription, ctx.clock.now()],
  );
  const isOwn =
    row !== undefined &&
    stateOfAgency(row.topic) === from &&
    row.topic.startsWith(`${sender}/`) &&
    channel === `${row.system}/${subscription}`;
  if (isOwn && row.isOpen) return { bytes, persons: persons.length === 0 ? undefined : persons, purpose };
  if (isOwn) await tellTopic(tx, ctx, { id: subscription, topic: row.topic });
  return undefined;
}
