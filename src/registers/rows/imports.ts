import { addMilliseconds, type Db, type Instant } from '../../storage/index.ts';

/** Notes that an import began, and forgets what one that was cut off a day ago or more had met. */
export async function beginImport(
  db: Db,
  begun: { id: string; register: string; agency: string; at: Instant },
): Promise<void> {
  await db.query(
    `delete from register_import_keys where import in
       (select id from register_imports where register = $1 and ended_at is null and began_at < $2)`,
    [begun.register, addMilliseconds(begun.at, -86_400_000)],
  );
  await db.query('insert into register_imports (id, register, agency, began_at) values ($1, $2, $3, $4)', [
    begun.id,
    begun.register,
    begun.agency,
    begun.at,
  ]);
}

/** Notes how an import ended, and forgets the keys it met. */
export async function endImport(
  db: Db,
  report: { id: string; read: number; taken: number; unchanged: number; refused: number },
  at: Instant,
): Promise<void> {
  await db.query(
    'update register_imports set ended_at = $2, read = $3, taken = $4, unchanged = $5, refused = $6 where id = $1',
    [report.id, at, report.read, report.taken, report.unchanged, report.refused],
  );
  await db.query('delete from register_import_keys where import = $1', [report.id]);
}
