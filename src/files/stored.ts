import { digestHex } from '../crypto/index.ts';
import { type Clock, enqueue, Failure, type Instant, type Queryable, type Tx } from '../storage/index.ts';
import { type FileKind, recognise } from './recognise.ts';

/** Where a file stands on its way through quarantine. */
export type FileStatus = 'quarantined' | 'clean' | 'refused';

/** A stored file without its bytes. */
export interface StoredFile {
  /** SHA-256, in hex. */
  digest: string;
  kind: FileKind;
  /** Bytes. */
  size: number;
  status: FileStatus;
  /** Why the scanner refused it. */
  reason?: string;
  storedAt: Instant;
}

/** All files of one owner together: with base64 they still fit one message of the exchange. */
export const MOST_BYTES = 5_000_000;
/** The queue of files that wait for the scanner. */
export const SCANS = 'files/scans';

/**
 * Keeps a file in quarantine and has it scanned. The same bytes under one owner are one file.
 * @param owner the application at home, the case where it is decided
 * @throws Failure FILE_EMPTY, FILE_TOO_LARGE, FILE_KIND, FILES_TOO_MUCH
 * @example await storeFile(tx, ctx, { owner: draft.id, bytes, kinds: ['pdf'], largest: 2_000_000 });
 */
export async function storeFile(
  tx: Tx,
  { clock }: { clock: Clock },
  file: { owner: string; bytes: Uint8Array; kinds: readonly FileKind[]; largest: number },
): Promise<Pick<StoredFile, 'digest' | 'kind' | 'size'>> {
  const { owner, bytes, kinds, largest } = file;
  const size = bytes.length;
  if (size === 0) throw new Failure('FILE_EMPTY', {});
  if (size > largest) throw new Failure('FILE_TOO_LARGE', { limit: largest });
  const kind = recognise(bytes);
  if (kind === undefined || !kinds.includes(kind)) throw new Failure('FILE_KIND', { kinds: kinds.join(', ') });
  const digest = digestHex(bytes);
  // Two uploads at once must not both find room for themselves.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`stored_file/${owner}`]);
  const [sum] = await tx.query<{ bytes: number }>(
    'select coalesce(sum(size), 0)::int as bytes from stored_file where owner = $1 and digest <> $2',
    [owner, digest],
  );
  if ((sum?.bytes ?? 0) + size > MOST_BYTES) throw new Failure('FILES_TOO_MUCH', { limit: MOST_BYTES });
  const stored = await tx.query(
    `insert into stored_file (owner, digest, kind, size, bytes, status, stored_at) values ($1, $2, $3, $4, $5, 'quarantined', $6)
     on conflict do nothing returning digest`,
    [owner, digest, kind, size, Buffer.from(bytes), clock.now()],
  );
  if (stored.length > 0) await enqueue(tx, { queue: SCANS, key: `${owner}/${digest}`, payload: { owner, digest } });
  return { digest, kind, size };
}

interface Row {
  digest: string;
  kind: FileKind;
  size: number;
  status: FileStatus;
  reason: string | null;
  stored_at: Instant;
}

const COLUMNS = 'digest, kind, size, status, reason, stored_at';

const toFile = ({ reason, stored_at, ...row }: Row): StoredFile => ({
  ...row,
  storedAt: stored_at,
  ...(reason === null ? {} : { reason }),
});

/** The files of an owner, the oldest first. */
export async function filesOf(db: Queryable, owner: string): Promise<StoredFile[]> {
  const rows = await db.query<Row>(`select ${COLUMNS} from stored_file where owner = $1 order by stored_at, digest`, [
    owner,
  ]);
  return rows.map(toFile);
}

/** The bytes of an owner's file, whatever the scanner says of it: for passing on, never for showing. */
export async function fileBytes(db: Queryable, owner: string, digest: string): Promise<Buffer | undefined> {
  const [row] = await db.query<{ bytes: Buffer }>('select bytes from stored_file where owner = $1 and digest = $2', [
    owner,
    digest,
  ]);
  return row?.bytes;
}

/**
 * A file that may be opened: found clean.
 * @throws Failure FILE_NOT_FOUND, FILE_QUARANTINED, FILE_REFUSED
 */
export async function openFile(
  db: Queryable,
  owner: string,
  digest: string,
): Promise<{ file: StoredFile; bytes: Buffer }> {
  const [row] = await db.query<Row>(`select ${COLUMNS} from stored_file where owner = $1 and digest = $2`, [
    owner,
    digest,
  ]);
  if (row === undefined) throw new Failure('FILE_NOT_FOUND', {});
  demandClean(toFile(row));
  return { file: toFile(row), bytes: (await fileBytes(db, owner, digest)) ?? Buffer.alloc(0) };
}

/** @throws Failure FILE_QUARANTINED, FILE_REFUSED */
export function demandClean({ status, reason = '' }: StoredFile): void {
  if (status === 'quarantined') throw new Failure('FILE_QUARANTINED', {});
  if (status === 'refused') throw new Failure('FILE_REFUSED', { reason });
}

/** Forgets the files of an owner, or those that are not named any more. Gives how many. */
export async function dropFiles(tx: Tx, owner: string, keep: readonly string[] = []): Promise<number> {
  const statement = 'delete from stored_file where owner = $1 and not digest = any ($2::text[]) returning 1';
  return (await tx.query(statement, [owner, keep])).length;
}
