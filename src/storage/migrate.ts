import { createHash } from 'node:crypto';
import type { Db, Queryable, Tx } from './db.ts';
import { Failure } from './failure.ts';
import jobs from './sql/001-jobs.sql';
import claim from './sql/002-claim.sql';

/** The numbered SQL files of one room, in order: `{ name: '001-jobs', sql }`. A file never changes once it was released. */
export interface Migrations {
  room: string;
  files: readonly { name: string; sql: string }[];
}

/** The tables of this room. `migrate` applies them always, before those of the others. */
export const migrations: Migrations = {
  room: 'storage',
  files: [
    { name: '001-jobs', sql: jobs },
    { name: '002-claim', sql: claim },
  ],
};

interface Applied {
  room: string;
  name: string;
  checksum: string;
}

/**
 * Brings a database up to date: all of it or nothing, in one transaction. Processes that call it at once wait for one another.
 *
 * @throws `STORAGE_MIGRATION_CHANGED` for a file that differs from what was applied, `STORAGE_MIGRATION_NEWER` when the database
 * knows a file that this version lacks, `STORAGE_MIGRATION_ORDER`, `STORAGE_MIGRATION_FAILED`
 * @example await migrate(db, [ledgerMigrations, unionMigrations]);
 */
export async function migrate(db: Db, rooms: readonly Migrations[]): Promise<void> {
  const all = [migrations, ...rooms.filter((room) => room.room !== migrations.room)];
  for (const room of all) checkOrder(room);
  await makeBook(db);
  await db.transaction(async (tx) => {
    await tx.query('select 1 from migration_lock for update');
    const applied = await tx.query<Applied>('select room, name, checksum from migration');
    for (const room of all) await bringUp(tx, room, applied);
  });
}

function checkOrder(room: Migrations): void {
  room.files.forEach((file, index) => {
    const before = room.files[index - 1];
    if (
      !/^\d{3}-[a-z0-9-]+$/.test(file.name) ||
      (before !== undefined && before.name.slice(0, 3) >= file.name.slice(0, 3))
    )
      throw new Failure('STORAGE_MIGRATION_ORDER', { room: room.room, file: file.name });
  });
}

/** The book of what was applied. Two processes that make it at once collide in the catalogue; the second then finds it there. */
async function makeBook(db: Db): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.query(`
        create table if not exists migration (room text, name text, checksum text not null, primary key (room, name));
        create table if not exists migration_lock (id integer primary key check (id = 1));
        insert into migration_lock values (1) on conflict do nothing`);
      return;
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (!['23505', '42P07', '42710', 'XX000'].includes(code) || attempt === 5) throw error;
    }
  }
}

async function bringUp(tx: Tx, room: Migrations, applied: readonly Applied[]): Promise<void> {
  const here = applied.filter((row) => row.room === room.room);
  for (const row of here) {
    if (!room.files.some((file) => file.name === row.name))
      throw new Failure('STORAGE_MIGRATION_NEWER', { room: room.room, file: row.name });
  }
  for (const file of room.files) {
    const checksum = createHash('sha256').update(file.sql).digest('hex');
    const known = here.find((row) => row.name === file.name);
    if (known !== undefined && known.checksum !== checksum)
      throw new Failure('STORAGE_MIGRATION_CHANGED', { room: room.room, file: file.name });
    if (known !== undefined) continue;
    try {
      await tx.query(file.sql);
    } catch (error) {
      if (['40001', '40P01'].includes(String((error as { code?: unknown }).code))) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure('STORAGE_MIGRATION_FAILED', { room: room.room, file: file.name, reason }, { cause: error });
    }
    await tx.query('insert into migration (room, name, checksum) values ($1, $2, $3)', [
      room.room,
      file.name,
      checksum,
    ]);
  }
}

/** How a database stands to this program: files that it lacks, and files of a later program. */
export async function migrationState(
  db: Queryable,
  rooms: readonly Migrations[],
): Promise<{ missing: string[]; newer: string[] }> {
  const all = [migrations, ...rooms.filter(({ room }) => room !== migrations.room)];
  const names = new Set(all.flatMap(({ room, files }) => files.map(({ name }) => `${room}/${name}`)));
  const rows = await db.query<Pick<Applied, 'room' | 'name'>>('select room, name from migration order by room, name');
  const applied = new Set(rows.map(({ room, name }) => `${room}/${name}`));
  return {
    missing: [...names].filter((one) => !applied.has(one)),
    newer: [...applied].filter((one) => !names.has(one)),
  };
}

/** The size of the database on its server's disk. */
export async function databaseBytes(db: Queryable): Promise<number> {
  const [row] = await db.query<{ bytes: number }>('select pg_database_size(current_database()) as bytes');
  return Number(row?.bytes ?? 0);
}
