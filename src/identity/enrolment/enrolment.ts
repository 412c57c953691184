import { randomId } from '../../crypto/index.ts';
import { type PersonsContext, recordAccess } from '../../persons/index.ts';
import { addMilliseconds, Failure, type PlainDate, type Queryable, type Tx } from '../../storage/index.ts';
import { must } from '../permissions.ts';
import { findPerson, type Resident } from '../residents.ts';
import type { IdentityContext } from '../sign-in.ts';
import type { OfficerAccount, Session } from '../types.ts';
import { digestOfHalf, makeHalf } from './code.ts';

/** What enrolling takes besides: the ledger, for the record of it. */
export type EnrolmentContext = IdentityContext & PersonsContext;

/** Documents with a photograph that an officer may accept. */
export const DOCUMENTS = ['passport', 'identityCard', 'residencePermit'] as const;
export type IdentityDocument = (typeof DOCUMENTS)[number];

/** Whom an officer has before him, as her document says. */
export interface Shown {
  /** Her number in the population register. */
  number: string;
  birthDate: PlainDate;
}

/** How long both halves together may wait for her. */
const LIVES_MS = 24 * 3_600_000;

/** The order of the state under which an office looks at somebody's papers: no agreement's article. */
const ORDER = 'enrolment-order';

/**
 * Begins to enrol a person, or to give back the account of one who has lost her devices: the officer has her document in his hands, and
 * gives her the first half of a code. What was begun for her here before and not used is void. The register is asked whether it knows
 * her; that stands in her access record.
 *
 * @returns the first half, kept nowhere else
 * @throws Failure IDENTITY_NOT_PERMITTED, IDENTITY_ENROLMENT_PERSON
 */
export async function beginEnrolment(
  ctx: EnrolmentContext,
  officer: Session & { account: OfficerAccount },
  seen: Shown & { document: IdentityDocument; recovery: boolean },
): Promise<string> {
  const { id: by, agency } = officer.account;
  must(officer, 'enrolment.begin', { agency });
  const first = makeHalf();
  const now = ctx.clock.now();
  await ctx.db.transaction(async (tx) => {
    const person = await findShown(tx, seen);
    if (person === undefined) throw new Failure('IDENTITY_ENROLMENT_PERSON');
    await recordUse(tx, ctx, officer, person);
    await tx.query('delete from identity_enrolments where agency = $1 and local_id = $2 and used_at is null', [
      agency,
      person.number,
    ]);
    await tx.query(
      `insert into identity_enrolments
         (id, agency, local_id, name, document, recovery, first_digest, issued_by, issued_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        randomId(),
        agency,
        person.number,
        person.name,
        seen.document,
        seen.recovery,
        digestOfHalf(first),
        by,
        now,
        addMilliseconds(now, LIVES_MS),
      ],
    );
  });
  return first;
}

/**
 * Confirms what a colleague has begun: another officer has seen the same person and her document, types what it says himself, and gives
 * her the second half. So neither of them ever holds the code.
 *
 * @returns the second half, kept nowhere else
 * @throws Failure IDENTITY_NOT_PERMITTED, IDENTITY_ENROLMENT_NONE, IDENTITY_ENROLMENT_SAME_OFFICER
 */
export async function confirmEnrolment(
  ctx: EnrolmentContext,
  officer: Session & { account: OfficerAccount },
  seen: Shown,
): Promise<string> {
  const { id: by, agency } = officer.account;
  must(officer, 'enrolment.confirm', { agency });
  const second = makeHalf();
  const now = ctx.clock.now();
  await ctx.db.transaction(async (tx) => {
    const person = await findShown(tx, seen);
    const [begun] = await tx.query<{ id: string; issued_by: string }>(
      `select id, issued_by from identity_enrolments
       where agency = $1 and local_id = $2 and confirmed_by is null and expires_at > $3 for update`,
      [agency, person?.number ?? '', now],
    );
    // Nobody learns here whom the register knows: that is asked where somebody begins, and recorded.
    if (person === undefined || begun === undefined) throw new Failure('IDENTITY_ENROLMENT_NONE');
    if (begun.issued_by === by) throw new Failure('IDENTITY_ENROLMENT_SAME_OFFICER');
    await recordUse(tx, ctx, officer, person);
    await tx.query(
      'update identity_enrolments set second_digest = $2, confirmed_by = $3, confirmed_at = $4 where id = $1',
      [begun.id, digestOfHalf(second), by, now],
    );
  });
  return second;
}

/** The person whom a document names, if the birth date is hers: an officer learns no more than he typed. */
async function findShown(tx: Queryable, { number, birthDate }: Shown): Promise<Resident | undefined> {
  const person = await findPerson(tx, number);
  return person?.birthDate === birthDate ? person : undefined;
}

/** The comparison is a use of her data, and she sees it. */
async function recordUse(
  tx: Tx,
  ctx: EnrolmentContext,
  { account }: Session & { account: OfficerAccount },
  { number }: Resident,
): Promise<void> {
  await recordAccess(tx, ctx, {
    subject: { resident: number },
    agency: account.agency,
    actor: account.id,
    fields: ['birth_date', 'name'],
    purpose: 'identity.enrolment',
    ground: { kind: 'law', article: ORDER },
  });
}
