import { type Agreement, type Joined, joinDecisions } from '../agreements/index.ts';
import type { Sealed } from '../crypto/index.ts';
import { Failure, type Instant, type Queryable } from '../storage/index.ts';
import { demandActing } from './acting.ts';
import { casesOf } from './case-rows.ts';
import type { ApplicationsContext } from './context.ts';
import { correctionRequests, replacedDecisions } from './correction-rows.ts';
import { evidenceCards } from './evidence-rows.ts';
import type { Application, SealedApplication } from './types.ts';

interface ApplicationRow {
  id: string;
  person: string;
  agreement: string;
  contract: string;
  service: string;
  filed_at: Instant;
  status: Application['status'];
  sealed: Sealed<SealedApplication>;
}

const COLUMNS = 'id, person, agreement, contract, service, filed_at, status, sealed';

async function whole(db: Queryable, { filed_at, ...row }: ApplicationRow): Promise<Application> {
  return {
    ...row,
    filedAt: filed_at,
    cases: await casesOf(db, row.id),
    evidence: await evidenceCards(db, row.id),
    replaced: await replacedDecisions(db, row.id),
    corrections: await correctionRequests(db, row.id),
  };
}

/** A person's applications, the newest first, at most `most`. */
export async function applicationsOf(db: Queryable, person: string, most = 100): Promise<Application[]> {
  const rows = await db.query<ApplicationRow>(
    `select ${COLUMNS} from applications where person = $1 order by filed_at desc limit $2`,
    [person, most],
  );
  return Promise.all(rows.map((row) => whole(db, row)));
}

/**
 * One application of a person, with the status of every case.
 * @throws Failure APPLICATION_NOT_FOUND, also for another person's
 */
export async function getApplication(db: Queryable, person: string, id: string): Promise<Application> {
  const [row] = await db.query<ApplicationRow>(`select ${COLUMNS} from applications where id = $1 and person = $2`, [
    id,
    person,
  ]);
  if (row === undefined) throw new Failure('APPLICATION_NOT_FOUND', {});
  return whole(db, row);
}

/**
 * An application that somebody sent for another person by a mandate that stands, with the status of every case.
 * @throws Failure APPLICATION_NOT_FOUND, MANDATE_OVER
 */
export async function actedApplication(ctx: ApplicationsContext, actor: string, id: string): Promise<Application> {
  const [row] = await ctx.db.query<ApplicationRow>(
    `select ${COLUMNS} from applications where id = $1 and acting = $2`,
    [id, actor],
  );
  const mandate = row?.sealed.payload.actor.mandate;
  if (row === undefined || mandate?.kind !== 'given') throw new Failure('APPLICATION_NOT_FOUND', {});
  await demandActing(ctx, ctx.db, { acting: actor, given: mandate, agreement: row.agreement, service: row.service });
  return whole(ctx.db, row);
}

/**
 * What the authorities that decide on an application come to together, where its service joins their decisions. An authority that did
 * not take the claim counts as one that refused.
 * @returns undefined where each decides for itself
 */
export function togetherOf(agreement: Agreement | undefined, { service, cases }: Application): Joined | undefined {
  const join = agreement?.services[service]?.decidedBy.join;
  if (join === undefined) return undefined;
  return joinDecisions(
    join,
    cases.map(({ status, decision }) => {
      if (status === 'refused') return 'refused';
      const outcome = decision?.payload.outcome;
      return outcome === 'undecided' ? undefined : outcome;
    }),
  );
}
