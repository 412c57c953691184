import { appendLeaf, type LedgerContext } from '../../ledger/index.ts';
import { Failure, type Instant, type Json, type Queryable, type Tx } from '../../storage/index.ts';
import type { PersonsContext } from '../context.ts';
import { findSubjectOf, unboundKey } from '../subjects.ts';
import type { AccessContent } from './entry.ts';
import { recordAccess } from './record-access.ts';

/** A system that may read access records of this state's persons. */
export interface UsageConsumer {
  /** `kz.digital/portal` */
  system: string;
  /** The legal ground: each person whose record it reads sees it. */
  ground: string;
  until: Instant;
  by: string;
  at: Instant;
}

/** Everybody whom the operator lets read, also those whose time is over. */
export const listUsageConsumers = (db: Queryable): Promise<UsageConsumer[]> =>
  db.query<UsageConsumer>('select system, ground, until, by, at from usage_consumer order by system');

/**
 * Lets a system read access records until a moment, or no more (null). It is in the ledger, with who said so.
 * @throws Failure PERSONS_USAGE_CONSUMER
 * @example await setUsageConsumer(ctx, 'kz.digital/portal', { ground: 'Law on personal data, article 24', until, by: 'operator' })
 */
export async function setUsageConsumer(
  ctx: Pick<PersonsContext, 'clock'> & LedgerContext,
  system: string,
  given: { ground: string; until: Instant; by: string } | { stopped: true; by: string },
): Promise<void> {
  const at = ctx.clock.now();
  const isStopped = 'stopped' in given;
  if (!isStopped && (given.ground.trim().length < 3 || given.ground.length > 500))
    throw new Failure('PERSONS_USAGE_CONSUMER', { reason: 'a ground has 3 to 500 characters' });
  if (!isStopped && given.until <= at) throw new Failure('PERSONS_USAGE_CONSUMER', { reason: 'its last day is over' });
  await ctx.db.transaction(async (tx) => {
    const kind = isStopped ? 'usage-consumer-removed' : 'usage-consumer';
    const content: { [key: string]: Json } = isStopped ? {} : { ground: given.ground, until: given.until };
    await appendLeaf(tx, ctx, { kind: 'configuration', content: { at, by: given.by, kind, about: system, content } });
    if (isStopped) await tx.query('delete from usage_consumer where system = $1', [system]);
    else
      await tx.query(
        `insert into usage_consumer (system, ground, until, by, at) values ($1, $2, $3, $4, $5)
         on conflict (system) do update set ground = excluded.ground, until = excluded.until, by = excluded.by, at = excluded.at`,
        [system, given.ground, given.until, given.by, at],
      );
  });
}

/**
 * That the operator lets a system read access records now, and on which ground.
 * @throws Failure PERSONS_USAGE_OFF
 */
export async function demandUsageConsumer(
  { db, clock }: Pick<PersonsContext, 'db' | 'clock'>,
  system: string,
): Promise<string> {
  const [allowed] = await db.query<{ ground: string }>(
    'select ground from usage_consumer where system = $1 and until > $2',
    [system, clock.now()],
  );
  if (allowed === undefined) throw new Failure('PERSONS_USAGE_OFF', { system });
  return allowed.ground;
}

/**
 * The uses of a person's data, the newest first, for a system that may read them. What an agreement lets be kept back from her is kept back
 * here as well. That it was read is itself a use, and stands in her record before this returns.
 *
 * @param query `number`: hers in the population register; `offset`: the place of the first entry, 1 for the newest
 * @throws Failure PERSONS_USAGE_OFF where the operator lets this system read nothing
 */
export async function findUsage(
  ctx: PersonsContext,
  consumer: { system: string; agency: string },
  { number, offset, limit }: { number: string; offset: number; limit: number },
): Promise<AccessContent[]> {
  const ground = await demandUsageConsumer(ctx, consumer.system);
  const now = ctx.clock.now();
  return ctx.db.transaction(async (tx) => {
    const entries = await entriesOf(tx, number, { now, offset, limit });
    await recordAccess(tx, ctx, {
      subject: { resident: number },
      agency: consumer.agency,
      fields: ['access-record'],
      purpose: 'usage',
      ground: { kind: 'law', article: ground },
    });
    return entries;
  });
}

async function entriesOf(
  tx: Tx,
  number: string,
  { now, offset, limit }: { now: Instant; offset: number; limit: number },
): Promise<AccessContent[]> {
  const person = (await findSubjectOf(tx, [number])) ?? unboundKey(number);
  const rows = await tx.query<{ content: AccessContent }>(
    `select content from access_entries where person = $1 and (withheld_until is null or withheld_until <= $2)
     order by at desc, id desc offset $3 limit $4`,
    [person, now, Math.max(0, offset - 1), limit],
  );
  return rows.map(({ content }) => content);
}
