import type { Instant, Json, Queryable, Tx } from '../storage/index.ts';
import type { ReceivedNotice } from './types.ts';

const COLUMNS = `id, agency, agreement, contract, service, stage, from_state as "from", from_agency as "fromAgency", application,
  home, reference, says, corrects, received_at as "receivedAt"`;

export async function insertNotice(tx: Tx, notice: ReceivedNotice): Promise<void> {
  await tx.query(
    `insert into case_notices (agency, id, agreement, contract, service, stage, from_state, from_agency, application, home, reference,
       says, received_at, corrects)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing`,
    [
      notice.agency,
      notice.id,
      notice.agreement,
      notice.contract,
      notice.service,
      notice.stage,
      notice.from,
      notice.fromAgency,
      notice.application,
      notice.home,
      notice.reference,
      JSON.stringify(notice.says satisfies Record<string, Json>),
      notice.receivedAt,
      notice.corrects,
    ],
  );
}

/** An agency's notices, the newest first. */
export async function noticesOfAgency(db: Queryable, agency: string): Promise<ReceivedNotice[]> {
  return db.query<ReceivedNotice>(
    `select ${COLUMNS} from case_notices where agency = $1 and erased_at is null order by received_at desc, id limit 200`,
    [agency],
  );
}

export async function findNotice(db: Queryable, agency: string, id: string): Promise<ReceivedNotice | undefined> {
  const [row] = await db.query<ReceivedNotice>(
    `select ${COLUMNS} from case_notices where agency = $1 and id = $2 and erased_at is null`,
    [agency, id],
  );
  return row;
}

/** Whether an officer opens something for the first time. */
export async function firstReading(tx: Tx, id: string, officer: string, at: Instant): Promise<boolean> {
  const rows = await tx.query(
    'insert into case_readings (case_id, officer, at) values ($1, $2, $3) on conflict do nothing returning case_id',
    [id, officer, at],
  );
  return rows.length > 0;
}
