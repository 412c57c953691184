import { appendLeaf } from '../../ledger/index.ts';
import { Failure, type Queryable } from '../../storage/index.ts';
import type { MessagesContext } from '../context.ts';
import { isNetwork } from './addresses.ts';

/** The loopback and private networks in which webhooks may stand. */
export async function listNetworks(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ network: string }>('select network from messages_webhook_network order by network');
  return rows.map(({ network }) => network);
}

/**
 * Lets webhooks stand in a network that is not public, or no more. It is in the ledger, with who said so.
 * @throws Failure MESSAGES_NETWORK
 * @example await setNetwork(ctx, '10.0.7.0/24', { isAllowed: true, by: 'operator' })
 */
export async function setNetwork(
  ctx: Pick<MessagesContext, 'db' | 'clock' | 'ledger'>,
  network: string,
  { isAllowed, by }: { isAllowed: boolean; by: string },
): Promise<void> {
  if (!isNetwork(network)) throw new Failure('MESSAGES_NETWORK', { network: network.slice(0, 60) });
  await ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const kind = isAllowed ? 'webhook-network' : 'webhook-network-removed';
    await appendLeaf(tx, ctx, { kind: 'configuration', content: { at, by, kind, about: network } });
    if (isAllowed)
      await tx.query('insert into messages_webhook_network values ($1, $2, $3) on conflict do nothing', [
        network,
        by,
        at,
      ]);
    else await tx.query('delete from messages_webhook_network where network = $1', [network]);
  });
}
