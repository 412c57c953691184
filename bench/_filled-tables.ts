import type { Db } from '../src/storage/index.ts';

/** How a copy of a row differs from it: column -> SQL over `row` (the row copied) and `copy` (1, 2, ...). */
type Differences = Readonly<Record<string, string>>;

/** An id of a copy: the same for the same row and copy wherever it is named. */
const id = (column: string): string => `md5(row.${column}::text || '/' || copy)::uuid`;
const text = (column: string): string => `row.${column} || '/' || copy`;

/** Each person has this many applications. */
const EACH = 5;
const PERSON = `row.person || '/' || copy / ${EACH}`;

/** What a case leaves at the state that decides it. */
const DECIDING: Readonly<Record<string, Differences>> = {
  cases: { id: id('id'), application: id('application'), transaction_id: text('transaction_id') },
  case_actions: { case_id: id('case_id') },
  case_payloads: { case_id: id('case_id') },
};

/** What an application leaves at home. */
const HOME: Readonly<Record<string, Differences>> = {
  drafts: { id: id('id'), person: PERSON },
  applications: { id: id('id'), person: PERSON },
  application_cases: { application: id('application'), transaction_id: text('transaction_id') },
  application_evidence: { application: id('application'), transaction_id: text('transaction_id') },
  held_documents: { person: PERSON, id: text('id'), application: id('application') },
  letters: { person: PERSON, id: id('id'), cause: text('cause') },
  access_entries: { person: PERSON, id: id('id'), cause: text('cause') },
};

/** Rows of one table are copied in steps of this many copies. */
const STEP = 5_000;

/**
 * Copies what one application and its case left, so that the tables are as large as after `copies` of them. What pages read is as
 * wide as in life; signatures and chains of the copies hold nothing together, and nothing reads them.
 */
export const fillDecided = (db: Db, copies: number): Promise<void> => fill(db, { ...DECIDING, ...HOME }, copies);

/** Copies the cases that wait for an officer. */
export async function fillWaiting(db: Db, copies: number): Promise<void> {
  const waits = "(select id from cases where phase in ('received', 'inProgress'))";
  await fill(db, DECIDING, copies, (table) => `where ${table === 'cases' ? 'id' : 'case_id'} in ${waits}`);
}

async function fill(
  db: Db,
  tables: Readonly<Record<string, Differences>>,
  copies: number,
  which: (table: string) => string = () => '',
): Promise<void> {
  for (const table of Object.keys(tables))
    await db.query(`create temporary table original_${table} as select * from ${table} ${which(table)}`);
  for (const [table, differences] of Object.entries(tables)) {
    const columns = await db.query<{ name: string }>(
      `select column_name as name from information_schema.columns
       where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
      [table],
    );
    const names = columns.map(({ name }) => name);
    const values = names.map((name) => differences[name] ?? `row.${name}`);
    for (let from = 1; from <= copies; from += STEP) {
      await db.query(
        `insert into ${table} (${names.join(', ')}) select ${values.join(', ')} from original_${table} row,
         generate_series(${from}, ${Math.min(copies, from + STEP - 1)}) copy on conflict do nothing`,
      );
    }
    await db.query(`drop table original_${table}`);
    await db.query(`vacuum analyze ${table}`);
  }
}
