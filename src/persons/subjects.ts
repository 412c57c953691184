import { randomId } from '../crypto/index.ts';
import { Failure, type Queryable, type StoreContext, type Tx } from '../storage/index.ts';

/** Under which the uses of a person's data are kept who has no account yet. */
export function unboundKey(localId: string): string {
  return `resident/${localId}`;
}

/** The number in such a key; undefined where it is a reference of another kind. */
export function numberOfKey(key: string): string | undefined {
  return key.startsWith('resident/') ? key.slice('resident/'.length) : undefined;
}

/**
 * Binds an account to a person of the state's population register, with the record of what was done with her data before. Binding it again
 * changes nothing; rebinding is refused, since everything said of the one would become said of the other.
 *
 * @param bound `subject`: the account's name in all rooms; `localId`: the number in the population register
 * @throws Failure PERSONS_SUBJECT_TAKEN
 */
export async function bindSubject(
  tx: Tx,
  ctx: StoreContext,
  bound: { subject: string; localId: string },
): Promise<void> {
  const bind =
    'insert into person_subjects (subject, local_id, since) values ($1, $2, $3) on conflict do nothing returning 1';
  const made = await tx.query(bind, [bound.subject, bound.localId, ctx.clock.now()]);
  if (made.length > 0) return adoptRecord(tx, bound);
  const known = await tx.query('select 1 from person_subjects where subject = $1 and local_id = $2', [
    bound.subject,
    bound.localId,
  ]);
  if (known.length === 0) throw new Failure('PERSONS_SUBJECT_TAKEN');
}

async function adoptRecord(tx: Tx, { subject, localId }: { subject: string; localId: string }): Promise<void> {
  for (const table of ['access_entries', 'access_counters']) {
    await tx.query(`update ${table} set person = $1 where person = $2`, [subject, unboundKey(localId)]);
  }
}

/**
 * The number of an account's person in the population register.
 * @throws Failure PERSONS_SUBJECT_UNKNOWN
 */
export async function localIdOf(q: Queryable, subject: string): Promise<string> {
  const [row] = await q.query<{ local_id: string }>('select local_id from person_subjects where subject = $1', [
    subject,
  ]);
  if (row === undefined) throw new Failure('PERSONS_SUBJECT_UNKNOWN');
  return row.local_id;
}

/** The account of the person with one of these numbers in the population register, if she has one. */
export async function findSubjectOf(q: Queryable, localIds: readonly string[]): Promise<string | undefined> {
  const [row] = await q.query<{ subject: string }>(
    'select subject from person_subjects where local_id = any($1::text[]) order by subject limit 1',
    [localIds],
  );
  return row?.subject;
}

/**
 * The name under which authorities know a person in one application: a random UUID, the same whenever it is asked for.
 * Made before the first question leaves, so that every notice about her finds her.
 *
 * @example const reference = await referenceFor(tx, ctx, { subject: 'aigerim', application: draft.id })
 */
export async function referenceFor(
  tx: Tx,
  ctx: StoreContext,
  of: { subject: string; application: string },
): Promise<string> {
  await tx.query(
    `insert into person_references (reference, subject, application, since) values ($1, $2, $3, $4)
     on conflict (subject, application) do nothing`,
    [randomId(), of.subject, of.application, ctx.clock.now()],
  );
  const [row] = await tx.query<{ reference: string }>(
    'select reference from person_references where subject = $1 and application = $2',
    [of.subject, of.application],
  );
  return row?.reference ?? '';
}

/**
 * Whose reference it is.
 * @throws Failure PERSONS_REFERENCE_UNKNOWN
 */
export async function subjectOfReference(q: Queryable, reference: string): Promise<string> {
  const [row] = await q.query<{ subject: string }>('select subject from person_references where reference = $1', [
    reference,
  ]);
  if (row === undefined) throw new Failure('PERSONS_REFERENCE_UNKNOWN');
  return row.subject;
}
