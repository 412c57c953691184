import { Failure, type Instant, type Queryable } from '../../storage/index.ts';
import type { LedgerContext, LedgerReader } from '../context.ts';
import { EMPTY_ROOT } from '../tree/hash.ts';
import { checkOrigin, signCheckpoint } from './sign-checkpoint.ts';

/** A log as its head row says it: `note` is the signed checkpoint of `size` leaves with the root `root`. */
export interface LogRow {
  log: number;
  origin: string;
  size: number;
  root: Buffer;
  note: string;
  at: Instant;
}

export async function findLog({ db, ledger }: LedgerReader): Promise<LogRow | undefined> {
  const [row] = await db.query<LogRow>('select log, origin, size, root, note, at from ledger_log where origin = $1', [
    ledger.origin,
  ]);
  return row;
}

/** @throws Failure LEDGER_UNKNOWN where nothing was ever logged under this origin */
export async function getLog(reader: LedgerReader): Promise<LogRow> {
  const row = await findLog(reader);
  if (!row) throw new Failure('LEDGER_UNKNOWN', { origin: reader.ledger.origin });
  return row;
}

/**
 * The log's row, made with an empty tree where it is not there yet. Several processes may call it at once.
 * @throws Failure LEDGER_ORIGIN, CRYPTO_KEY
 */
export async function openLog(db: Queryable, ctx: LedgerContext): Promise<LogRow> {
  const reader = { db, ledger: ctx.ledger };
  const found = await findLog(reader);
  if (found) return found;
  const { origin, key } = ctx.ledger;
  checkOrigin(origin);
  await db.query(
    `insert into ledger_log (origin, size, root, note, at) values ($1, 0, $2, $3, $4)
     on conflict (origin) do nothing`,
    [origin, EMPTY_ROOT, signCheckpoint({ origin, size: 0, root: EMPTY_ROOT }, key), ctx.clock.now()],
  );
  return getLog(reader);
}
