import { randomId } from '../../crypto/index.ts';
import { appendLeaf } from '../../ledger/index.ts';
import { enqueue, type Instant, type Json, json, type Tx } from '../../storage/index.ts';
import type { PersonsContext } from '../context.ts';
import { findSubjectOf, subjectOfReference, unboundKey } from '../subjects.ts';
import type { AccessCaller, AccessContent, AccessGround } from './entry.ts';

/** Notices of uses that another state's person is to see. */
export const NOTICES = 'persons/notice';

export interface NewAccess {
  /**
   * By the pairwise reference that her home gave; or, of this state's own person, by her account, or by her number in the population
   * register, whether she has an account or not; or, of another state's, by her number there.
   */
  subject:
    | { home: string; reference: string }
    | { person: string }
    | { resident: string }
    | { home: string; number: string };
  /** This state: only what its own agencies do is recorded here. */
  state?: string;
  agency: string;
  fields: string[];
  purpose: string;
  ground: AccessGround;
  application?: string;
  case?: string;
  actor?: string;
  /** Of data that go to an information system: whose, and from which service. */
  caller?: AccessCaller;
  service?: string;
  /** What is done at most once: the same cause for the same person again is the entry that there is. */
  cause?: string;
  /** Until when an agreement lets it be kept back from her. */
  withheldUntil?: Instant;
}

/**
 * Records one use of a person's data, in the transaction that uses it: a row, a leaf of kind `access` in the ledger, the agency's own
 * count, and, where she is at home in another state, a notice to it once the leaf can be proven, and may be told.
 *
 * @returns the entry's id
 * @throws Failure PERSONS_REFERENCE_UNKNOWN for a reference of this state that it never gave
 * @example
 * await recordAccess(tx, ctx, {
 *   subject: { home: 'kz', reference }, agency: 'ru.pension-fund', fields: ['periods.from'],
 *   purpose: 'pension', ground: { kind: 'law', article: 'art-7' }, application,
 * })
 */
export async function recordAccess(
  tx: Tx,
  ctx: Pick<PersonsContext, 'db' | 'clock' | 'ledger'> & { trust: { self: string } },
  access: NewAccess,
): Promise<string> {
  const self = ctx.trust.self;
  const { home, reference, person } = await whoIs(tx, self, access.subject);
  const known = await findCaused(tx, person, access.cause);
  if (known !== undefined) return known;
  const { caller, service, withheldUntil } = access;
  const content: AccessContent = {
    id: randomId(),
    state: self,
    agency: access.agency,
    home,
    reference,
    actor: access.actor ?? null,
    fields: [...access.fields].sort(),
    purpose: access.purpose,
    ground: access.ground,
    application: access.application ?? null,
    case: access.case ?? null,
    at: ctx.clock.now(),
    counter: await countUse(tx, person, access.agency),
    ...(caller === undefined ? {} : { caller }),
    ...(service === undefined ? {} : { service }),
    ...(withheldUntil === undefined ? {} : { withheldUntil }),
  };
  const leaf = await appendLeaf(tx, ctx, { kind: 'access', content: content as unknown as Json });
  await tx.query(
    `insert into access_entries (person, id, state, home, application, content, at, leaf, cause, withheld_until)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10)`,
    [
      person,
      content.id,
      self,
      home,
      content.application,
      json(content),
      content.at,
      leaf.id,
      access.cause ?? null,
      withheldUntil ?? null,
    ],
  );
  if (home !== self) {
    const payload = { person, entry: content.id };
    const when = withheldUntil === undefined ? {} : { runAt: withheldUntil };
    await enqueue(tx, { queue: NOTICES, key: content.id, payload, ...when });
  }
  return content.id;
}

async function findCaused(tx: Tx, person: string, cause: string | undefined): Promise<string | undefined> {
  if (cause === undefined) return undefined;
  const [row] = await tx.query<{ id: string }>('select id from access_entries where person = $1 and cause = $2', [
    person,
    cause,
  ]);
  return row?.id;
}

async function whoIs(
  tx: Tx,
  self: string,
  subject: NewAccess['subject'],
): Promise<{ home: string; reference: string; person: string }> {
  if ('person' in subject) return { home: self, reference: subject.person, person: subject.person };
  if ('resident' in subject) return ofResident(tx, self, subject.resident);
  if ('number' in subject) {
    const { home, number } = subject;
    if (home === self) return ofResident(tx, self, number);
    return { home, reference: unboundKey(number), person: `${home}/${unboundKey(number)}` };
  }
  const { home, reference } = subject;
  const person = home === self ? await subjectOfReference(tx, reference) : `${home}/${reference}`;
  return { home, reference, person };
}

async function ofResident(tx: Tx, self: string, number: string) {
  const person = (await findSubjectOf(tx, [number])) ?? unboundKey(number);
  return { home: self, reference: person, person };
}

async function countUse(tx: Tx, person: string, agency: string): Promise<number> {
  const [row] = await tx.query<{ uses: number }>(
    `insert into access_counters (person, agency, uses) values ($1, $2, 1)
     on conflict (person, agency) do update set uses = access_counters.uses + 1 returning uses`,
    [person, agency],
  );
  return row?.uses ?? 0;
}
