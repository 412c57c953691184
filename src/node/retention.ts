import type { AgreementLibrary } from '../agreements/index.ts';
import { eraseCallsBefore } from '../calls/index.ts';
import { type CasesContext, eraseKept, type Kept, listDue, type Whose } from '../cases/index.ts';
import { eraseMessages, settledApplications } from '../exchange/index.ts';
import { recordAccess, usersOf } from '../persons/index.ts';
import { addMilliseconds, enqueue, type Instant, type JobHandler, type Tx } from '../storage/index.ts';

/** The daily deletion of what need not be kept any more. */
export const RETENTION = 'node/retention';

/** What deleting needs: the store, the log, and the agreements that say how long. */
export type RetentionContext = Pick<CasesContext, 'clock' | 'ledger' | 'trust' | 'agreements'> & {
  db: CasesContext['db'];
};

/** How much was deleted. */
export interface Erased {
  cases: number;
  notices: number;
  opinions: number;
  /** Bodies of messages, of applications that are settled. */
  messages: number;
  /** Batches of calls. */
  calls: number;
}

const DAY_MS = 86_400_000;
/** Batches of calls hold heads of all services together, no bodies. */
const CALLS_KEPT = 'P1Y';
/** Most cases, notices and questions of one run; the next day goes on. */
const MOST_ROUNDS = 200;

/**
 * Deletes what authorities of this state may not keep any longer by the `keep` of their agreements; or, of a person that is named, all that is
 * settled. Each deletion stands in her access record, with what was deleted and when, and reaches her at home. What stays: signed decisions,
 * documents and their status, the access record, heads, receipts and proofs, and the log, which verifies as before.
 */
export async function runRetention(ctx: RetentionContext, of?: Whose): Promise<Erased> {
  const erased: Erased = { cases: 0, notices: 0, opinions: 0, messages: 0, calls: 0 };
  const refused = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const due = (await listDue(ctx, ctx.db, of)).filter(({ id }) => !refused.has(id));
    if (due.length === 0) break;
    for (const kept of due) {
      const messages = await ctx.db.transaction((tx) => erase(ctx, tx, kept));
      if (messages === undefined) refused.add(kept.id);
      else {
        erased[`${kept.kind}s`] += 1;
        erased.messages += messages;
      }
    }
  }
  if (of !== undefined) return erased;
  for (const [agreement, before] of longestKept(ctx)) {
    for (const application of await settledApplications(ctx.db, agreement, before)) {
      erased.messages += await ctx.db.transaction((tx) => eraseServed(ctx, tx, agreement, application));
    }
  }
  erased.calls = await ctx.db.transaction((tx) => eraseCallsBefore(tx, before(ctx.clock.now(), CALLS_KEPT)));
  return erased;
}

/** What the next run would delete, beside messages and calls. */
export const dueNow = (ctx: RetentionContext, of?: Whose): Promise<Kept[]> => listDue(ctx, ctx.db, of);

/** Runs once a day; each run wants the next. */
export function retentionJob(ctx: RetentionContext): JobHandler {
  return {
    queue: RETENTION,
    leaseMs: 60_000,
    async run() {
      await runRetention(ctx);
      return (tx) => wantRetention(tx, ctx);
    },
  };
}

/** Wants the run of the night that comes. */
export async function wantRetention(tx: Tx, { clock }: Pick<RetentionContext, 'clock'>): Promise<void> {
  const day = clock.now().slice(0, 10);
  const runAt = addMilliseconds(`${day}T00:00:00.000Z`, DAY_MS + 2 * 3_600_000);
  await enqueue(tx, { queue: RETENTION, key: day, payload: {}, runAt });
}

/** @returns how many messages went along; undefined where nothing was to be deleted */
async function erase(ctx: RetentionContext, tx: Tx, kept: Kept): Promise<number | undefined> {
  const fields = await eraseKept(ctx, tx, kept);
  if (fields === undefined) return undefined;
  const { agency, agreement, application, home, reference } = kept;
  await tell(
    ctx,
    tx,
    { agency, agreement, application, home, reference },
    fields,
    `${kept.kind}/${kept.id}`,
    kept.kind === 'case' ? kept.id : undefined,
  );
  // What came for a person of this state is her home's copy too, which is hers.
  return kept.kind === 'case' && home !== ctx.trust.self ? eraseMessages(tx, application) : 0;
}

/** Questions that registers of this state answered, and whatever else came for an application. */
async function eraseServed(ctx: RetentionContext, tx: Tx, agreement: string, application: string): Promise<number> {
  const messages = await eraseMessages(tx, application);
  if (messages === 0) return 0;
  for (const user of await usersOf(tx, application)) {
    await tell(ctx, tx, { ...user, agreement, application }, ['evidence'], `messages/${application}/${user.agency}`);
  }
  return messages;
}

/** A deletion is an entry of the access record like a use: with a proof, told at home, in the counts. */
async function tell(
  ctx: RetentionContext,
  tx: Tx,
  of: { agency: string; agreement: string; application: string; home: string; reference: string },
  fields: string[],
  cause: string,
  id?: string,
): Promise<void> {
  await recordAccess(tx, ctx, {
    subject: { home: of.home, reference: of.reference },
    agency: of.agency,
    fields,
    purpose: `${of.agreement}.erasure`,
    ground: { kind: 'law', article: articleOf(ctx.agreements, of.agreement) },
    application: of.application,
    ...(id === undefined ? {} : { case: id }),
    cause: `erasure/${cause}`,
  });
}

/** How long things are kept is agreed in the agreement itself: its first legal basis. */
const articleOf = (agreements: AgreementLibrary, name: string): string =>
  agreements.all().find((one) => one.name === name)?.legalBasis[0] ?? '';

/** Of each agreement the moment before which nothing is kept: by the service that keeps longest. */
function longestKept({ agreements, clock }: RetentionContext): [agreement: string, before: Instant][] {
  const now = clock.now();
  const names = [...new Set(agreements.all().map(({ name }) => name))];
  return names.map((name) => {
    const services = agreements
      .all()
      .filter((one) => one.name === name)
      .flatMap((one) => Object.values(one.services));
    const moments = services.map(({ disclosure }) => before(now, disclosure.keep));
    return [name, moments.toSorted()[0] ?? '1970-01-01T00:00:00.000Z'];
  });
}

function before(now: Instant, duration: string): Instant {
  const moment = Temporal.Instant.from(now).toZonedDateTimeISO('UTC').subtract(Temporal.Duration.from(duration));
  return moment.toInstant().toString({ fractionalSecondDigits: 3 });
}
