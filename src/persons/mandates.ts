import { randomId } from '../crypto/index.ts';
import { appendLeaf, type LedgerContext } from '../ledger/index.ts';
import { Failure, type Instant, type Json, type PlainDate, type Queryable, type Tx } from '../storage/index.ts';

/** Who may act by a given mandate: the officers of an organisation, by its number at home. */
export interface MandateHolder {
  kind: 'organisation';
  number: string;
  name: string;
}

/** The right to act for a person in one service that she has given. */
export interface GivenMandate {
  id: string;
  /** Who gave it: the account's name in all rooms. */
  subject: string;
  holder: MandateHolder;
  /** `work-abroad/work-notice`. */
  service: string;
  givenAt: Instant;
  /** The last day. */
  until: PlainDate;
  endedAt?: Instant;
}

/** The longest that a mandate may be given for, in days: whoever forgets one does not live under it for ever. */
const LONGEST_DAYS = 366;

/**
 * Gives a mandate. The same one given twice, with the same last day, is one as long as it stands.
 * @param today the day at home
 * @returns its id
 * @throws Failure MANDATE_UNTIL when the last day is over already, or more than a year away
 * @example await giveMandate(tx, ctx, { subject, holder, service: 'work-abroad/work-notice', until: '2026-12-31' }, '2026-03-02')
 */
export async function giveMandate(
  tx: Tx,
  ctx: LedgerContext,
  { subject, holder, service, until }: Pick<GivenMandate, 'subject' | 'holder' | 'service' | 'until'>,
  today: PlainDate,
): Promise<string> {
  const days = (Date.parse(until) - Date.parse(today)) / 86_400_000;
  if (!/^\d{4}-\d\d-\d\d$/.test(until) || !(days >= 0 && days <= LONGEST_DAYS)) {
    throw new Failure('MANDATE_UNTIL', { days: LONGEST_DAYS });
  }
  const [standing] = await tx.query<{ id: string }>(
    `select id from given_mandates where subject = $1 and holder_kind = $2 and holder = $3 and service = $4 and until = $5
       and ended_at is null`,
    [subject, holder.kind, holder.number, service, until],
  );
  if (standing !== undefined) return standing.id;
  const id = randomId();
  const givenAt = ctx.clock.now();
  await tx.query(
    `insert into given_mandates (subject, id, holder_kind, holder, holder_name, service, given_at, until)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [subject, id, holder.kind, holder.number, holder.name, service, givenAt, until],
  );
  await logged(tx, ctx, { id, subject, holder: { ...holder }, service, until, given: givenAt });
  return id;
}

/** Ends a mandate from now on; what was done by it stays. Twice is once. @throws Failure MANDATE_UNKNOWN, also for another person's */
export async function endMandate(tx: Tx, ctx: LedgerContext, of: { subject: string; id: string }): Promise<void> {
  const [mandate] = (await listMandates(tx, of.subject)).filter(({ id }) => id === of.id);
  if (mandate === undefined) throw new Failure('MANDATE_UNKNOWN');
  const ended = ctx.clock.now();
  const changed = await tx.query(
    'update given_mandates set ended_at = $3 where subject = $1 and id = $2 and ended_at is null returning 1',
    [of.subject, of.id, ended],
  );
  if (changed.length > 0) await logged(tx, ctx, { id: of.id, subject: of.subject, ended });
}

/** A mandate is a rule of who may do what: its digest stands in the ledger, given and ended. */
async function logged(tx: Tx, ctx: LedgerContext, content: Json): Promise<void> {
  await appendLeaf(tx, ctx, { kind: 'configuration', content: { kind: 'mandate', content } });
}

const COLUMNS = 'id, subject, holder_kind, holder, holder_name, service, given_at, until::text as until, ended_at';

interface MandateRow {
  id: string;
  subject: string;
  holder_kind: MandateHolder['kind'];
  holder: string;
  holder_name: string;
  service: string;
  given_at: Instant;
  until: PlainDate;
  ended_at: Instant | null;
}

const toMandate = (row: MandateRow): GivenMandate => ({
  id: row.id,
  subject: row.subject,
  holder: { kind: row.holder_kind, number: row.holder, name: row.holder_name },
  service: row.service,
  givenAt: row.given_at,
  until: row.until,
  ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
});

/** All mandates that a person has given, the newest first, those that are over too. */
export async function listMandates(q: Queryable, subject: string): Promise<GivenMandate[]> {
  const rows = await q.query<MandateRow>(
    `select ${COLUMNS} from given_mandates where subject = $1 order by given_at desc, id desc`,
    [subject],
  );
  return rows.map(toMandate);
}

/** The mandates for a service that some organisations hold on a day, by whoever gave them. */
export async function heldMandates(
  q: Queryable,
  { holders, service, day }: { holders: readonly string[]; service: string; day: PlainDate },
): Promise<GivenMandate[]> {
  if (holders.length === 0) return [];
  const rows = await q.query<MandateRow>(
    `select ${COLUMNS} from given_mandates
     where holder_kind = 'organisation' and holder = any($1::text[]) and service = $2 and until >= $3 and ended_at is null
     order by given_at desc, id desc limit 200`,
    [holders, service, day],
  );
  return rows.map(toMandate);
}
