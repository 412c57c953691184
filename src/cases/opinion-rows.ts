import type { Instant, Json, Queryable, Tx } from '../storage/index.ts';
import type { AskedOpinion } from './types.ts';

const COLUMNS = `id, agency, agreement, contract, pattern, service, stage, evidence, from_state as "from", from_agency as "fromAgency",
  application, home, reference, shows, request, asked_at as "askedAt", due_at as "dueAt", status, answered_at as "answeredAt"`;

export async function insertOpinion(tx: Tx, asked: Omit<AskedOpinion, 'status' | 'answeredAt'>): Promise<void> {
  await tx.query(
    `insert into case_opinions (agency, id, agreement, contract, pattern, service, stage, evidence, from_state, from_agency,
       application, home, reference, shows, request, asked_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) on conflict do nothing`,
    [
      asked.agency,
      asked.id,
      asked.agreement,
      asked.contract,
      asked.pattern,
      asked.service,
      asked.stage,
      asked.evidence,
      asked.from,
      asked.fromAgency,
      asked.application,
      asked.home,
      asked.reference,
      JSON.stringify(asked.shows satisfies Record<string, Json>),
      asked.request,
      asked.askedAt,
      asked.dueAt,
    ],
  );
}

/** An agency's questions: those that wait by their time, then those that are over, the newest first. */
export async function opinionsOfAgency(db: Queryable, agency: string): Promise<AskedOpinion[]> {
  return db.query<AskedOpinion>(
    `select ${COLUMNS} from case_opinions where agency = $1 and erased_at is null
     order by answered_at is not null, case when answered_at is null then due_at end, answered_at desc, id limit 200`,
    [agency],
  );
}

export async function findOpinion(db: Queryable, agency: string, id: string): Promise<AskedOpinion | undefined> {
  const [row] = await db.query<AskedOpinion>(
    `select ${COLUMNS} from case_opinions where agency = $1 and id = $2 and erased_at is null`,
    [agency, id],
  );
  return row;
}

/** The same, locked until the transaction ends: of two officers who answer at once the second finds it answered. */
export async function lockOpinion(tx: Tx, agency: string, id: string): Promise<AskedOpinion | undefined> {
  const [row] = await tx.query<AskedOpinion>(
    `select ${COLUMNS} from case_opinions where agency = $1 and id = $2 for update`,
    [agency, id],
  );
  return row;
}

export async function markOpinion(
  tx: Tx,
  { agency, id }: Pick<AskedOpinion, 'agency' | 'id'>,
  change: { status: AskedOpinion['status']; officer: string; answeredAt?: Instant },
): Promise<void> {
  await tx.query('update case_opinions set status = $3, officer = $4, answered_at = $5 where agency = $1 and id = $2', [
    agency,
    id,
    change.status,
    change.officer,
    change.answeredAt ?? null,
  ]);
}
