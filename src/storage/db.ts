import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Clock } from './clock.ts';
import { asFailure } from './connection-failure.ts';
import { valueTypes } from './parse-values.ts';

/** Where statements can be sent: a database (each on its own) or a transaction. */
export interface Queryable {
  /** One statement; `$1`, `$2` ... stand for `values`. Gives the rows. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction. It ends when the function it was given to ends. */
export interface Tx extends Queryable {
  /**
   * The last statement: the commit travels with it, and nobody waits in between. Where it or one before it fails, nothing is done. Nothing
   * may follow, and `work` must not throw for a reason of its own any more.
   */
  last<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Work for after the commit, e.g. waking a queue. Not done when the transaction rolls back. Must not throw. */
  afterCommit(work: () => void): void;
  /** The database this transaction runs in. */
  readonly db: Db;
}

/** A database with its pool of connections. */
export interface Db extends Queryable {
  /**
   * Runs `work` in a READ COMMITTED transaction. Serialization failures and deadlocks (40001, 40P01) are retried with back-off, so
   * `work` may run several times: outside effects belong into `tx.afterCommit` or into jobs.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Waits for the connections in use, then closes all. */
  close(): Promise<void>;
}

/** What nearly every function of the rooms takes first. */
export interface StoreContext {
  db: Db;
  clock: Clock;
}

export interface DbOptions {
  /** Most connections at once; default 10. */
  connections?: number;
  /** Shown by `pg_stat_activity`. */
  name?: string;
}

const RETRIED = new Set(['40001', '40P01']);
const MOST_ATTEMPTS = 10;

/** The statements of this process by their text: there are as many as the code has, since values are never put into a text. */
const statements = new Map<string, string>();

/** A statement with values is prepared once a connection: reading and planning it anew costs the database more than running it. */
function prepared(text: string, values: readonly unknown[] | undefined): pg.QueryConfig {
  if (values === undefined) return { text };
  let name = statements.get(text);
  if (name === undefined) {
    name = `s${statements.size + 1}`;
    statements.set(text, name);
  }
  return { name, text, values: values as unknown[] };
}

/**
 * Opens a database. Connections are made when first needed; a lost one is replaced by the next statement.
 *
 * @param url `postgres://user:password@host:port/database`
 * @throws (from the first statement) `STORAGE_UNREACHABLE`, `STORAGE_REFUSED`
 * @example
 * const db = openDb('postgres://kz:secret@127.0.0.1:5432/kz');
 * const [row] = await db.query<{ one: number }>('select 1 as one');
 */
export function openDb(url: string, options: DbOptions = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 20_000,
    application_name: options.name ?? 'commonway',
    // Instants are parsed from UTC text; a worker that hangs inside a transaction must not hold its locks for ever.
    options: '-c timezone=UTC -c datestyle=ISO -c idle_in_transaction_session_timeout=60000',
    types: valueTypes,
    // A statement is sent without waiting for the answer to the one before it; they are answered in order.
    pipeline: true,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks would otherwise end the process; the pool drops it by itself.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    sendTogether(client);
  });

  let closing: Promise<void> | undefined;
  const db: Db = {
    async query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]> {
      try {
        const result = await pool.query(prepared(text, values));
        return result.rows as Row[];
      } catch (error) {
        throw asFailure(error, url);
      }
    },
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await runOnce(db, pool, work);
        } catch (error) {
          const code = (error as { code?: unknown } | undefined)?.code;
          if (!RETRIED.has(String(code)) || attempt >= MOST_ATTEMPTS) throw asFailure(error, url);
          await pause(Math.random() * Math.min(5 * 2 ** attempt, 500));
        }
      }
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
  return db;
}

/** What is sent within one tick goes out in one write: each write wakes the database, which costs more than what is in it. */
function sendTogether(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  let corked = false;
  const uncork = (): void => {
    corked = false;
    stream.uncork();
  };
  client.query = ((...given: unknown[]) => {
    if (!corked) {
      corked = true;
      stream.cork();
      process.nextTick(uncork);
    }
    return query(...given);
  }) as typeof client.query;
}

async function runOnce<T>(db: Db, pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const later: (() => void)[] = [];
  let broken: Error | undefined;
  let result: T;
  let ending: Promise<pg.QueryResult> | undefined;
  const send = async <Row>(text: string, values: readonly unknown[] | undefined): Promise<Row[]> => {
    if (ending !== undefined) throw new Error('a statement follows the last one of its transaction');
    return (await client.query(prepared(text, values))).rows as Row[];
  };
  try {
    // Not waited for: it travels with the first statement, which fails where it failed.
    const begun = client.query('begin');
    begun.catch(() => undefined);
    result = await work({
      db,
      afterCommit: (callback) => later.push(callback),
      query: send,
      async last<Row>(text: string, values?: readonly unknown[]): Promise<Row[]> {
        const answer = send<Row>(text, values);
        ending = client.query('commit');
        ending.catch(() => undefined);
        return answer;
      },
    });
    await begun;
    const outcome = await (ending ?? client.query('commit'));
    // A statement that failed and whose error was swallowed leaves an aborted transaction: its COMMIT is a ROLLBACK.
    if (outcome.command === 'ROLLBACK') throw new Error('a failed statement inside a transaction was ignored');
  } catch (error) {
    await client.query('rollback').catch((reason: Error) => {
      broken = reason;
    });
    throw error;
  } finally {
    client.release(broken);
  }
  for (const callback of later) callback();
  return result;
}
