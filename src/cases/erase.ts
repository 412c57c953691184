import { deadline } from '../calendar/index.ts';
import { dropFiles } from '../files/index.ts';
import type { Instant, Queryable, Tx } from '../storage/index.ts';
import { stateOf } from './append.ts';
import { lockCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { isJoined } from './join-arrived.ts';

/** What an agency holds of a person for an application, and the time for which it may is over. */
export interface Kept {
  kind: 'case' | 'notice' | 'opinion';
  id: string;
  agency: string;
  agreement: string;
  application: string;
  home: string;
  reference: string;
  /** Since when it may be deleted. */
  due: Instant;
}

/** Whose data: all that is theirs and settled is due at once. */
export interface Whose {
  home: string;
  references: readonly string[];
}

/** What stays of a case: the authority's own signed decisions, and who confirmed them. All that it was sent goes. */
const STAYS = ['decide', 'correct', 'confirm', 'confirmCorrection', 'escalate'];
const MOST = 5000;

interface Row extends Omit<Kept, 'due'> {
  contract: string;
  service: string;
  settled: Instant;
}

/**
 * What is due, the oldest first: settled cases, answered questions and notices whose service's `keep` has run out since. Of a person that
 * is named, everything settled.
 */
export async function listDue(
  ctx: Pick<CasesContext, 'clock' | 'trust' | 'agreements'>,
  q: Queryable,
  of?: Whose,
): Promise<Kept[]> {
  const rows = await q.query<Row>(
    `select * from (
       select 'case' as kind, id, agency, agreement, contract, service, application::text, home, reference, decided_at as settled
       from cases where erased_at is null and decided_at is not null and correction is null and phase in ('decided', 'closed')
       union all
       select 'notice', id, agency, agreement, contract, service, application, home, reference, received_at
       from case_notices where erased_at is null
       union all
       select 'opinion', id, agency, agreement, contract, service, application, home, reference, answered_at
       from case_opinions where erased_at is null and answered_at is not null) kept
     where $1::text is null or (home = $1 and reference = any($2::text[]))
     order by settled, id limit $3`,
    [of?.home ?? null, of?.references ?? [], MOST],
  );
  const now = ctx.clock.now();
  return rows.flatMap(({ contract, service, settled, ...kept }) => {
    const keep = ctx.agreements.byContract(contract)?.services[service]?.disclosure.keep;
    const due = of !== undefined ? settled : keep === undefined ? undefined : deadline(settled, keep, ctx.trust.self);
    return due === undefined || due > now ? [] : [{ ...kept, due }];
  });
}

/**
 * Deletes what an agency was sent: payloads with their salts, files, what a notice said or a question showed. The chain of a case's log stays
 * and still verifies; nobody can tell any more what its digests are of.
 * @returns what was deleted, as fields of the access record; undefined where it is not to be deleted now
 */
export async function eraseKept(
  ctx: Pick<CasesContext, 'clock' | 'trust' | 'agreements'>,
  tx: Tx,
  { kind, id, agency }: Kept,
): Promise<string[] | undefined> {
  const now = ctx.clock.now();
  if (kind !== 'case') {
    const statement =
      kind === 'notice'
        ? `update case_notices set says = '{}', erased_at = $3 where agency = $1 and id = $2 and erased_at is null returning 1`
        : `update case_opinions set shows = '{}', erased_at = $3 where agency = $1 and id = $2 and erased_at is null returning 1`;
    const gone = await tx.query(statement, [agency, id, now]);
    return gone.length === 0 ? undefined : [kind === 'notice' ? 'notice' : 'application'];
  }
  const row = await lockCase(tx, id);
  if (row === undefined || row.erasedAt !== undefined || row.correction !== undefined) return undefined;
  const state = await stateOf(tx, id);
  // An award that waits for the others is not settled.
  if (isJoined(ctx, { row, state }) && state.joined === undefined) return undefined;
  await tx.query(
    `delete from case_payloads p using case_actions a
     where p.case_id = $1 and a.case_id = p.case_id and a.sequence = p.sequence and a.verb <> all($2::text[])`,
    [id, STAYS],
  );
  const files = await dropFiles(tx, id);
  await tx.query('update cases set erased_at = $2 where id = $1', [id, now]);
  return ['application', 'evidence', ...(files > 0 ? ['file'] : [])];
}
