import { hash } from 'node:crypto';
import { randomId } from '../crypto/index.ts';
import { appendLeaf, openLog } from '../ledger/index.ts';
import type { Tx } from '../storage/index.ts';
import type { CallsContext } from './context.ts';
import type { Batch } from './protocol/batch.ts';
import { digest, type Entry, keepEntries, type LoggedEntry } from './protocol/entries.ts';
import { loggedText, rootOf } from './protocol/statement.ts';

/** A batch that is to become durable. */
export interface Logged {
  direction: 'in' | 'out';
  peer: string;
  batch: Pick<Batch, 'envelope' | 'bytes' | 'signature'> & { entries: readonly (Entry | LoggedEntry)[] };
  /** What the calls in it may be looked for by. */
  names: readonly string[];
}

/** Something that waits for the next group. */
export interface Turn {
  /** Gives the batches, when the group is put together: by then more may have gathered. */
  make(): Logged[];
  /** Told once they are durable; `replayed` has the ids of received batches that were there before. */
  durable(replayed: ReadonlySet<string>): void;
  failed(error: unknown): void;
}

/** Where batches become durable. */
export interface Journal {
  add(turn: Turn): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
}

const MOST_BATCHES = 256;

const INSERT_BATCHES = `
  insert into call_batch (id, direction, peer, at, envelope, signature, entries, names, leaf, place)
  select id, direction, peer, $9, envelope, signature, entries,
    (select coalesce(array_agg(n::bigint), '{}') from unnest(string_to_array(names, ' ')) n), $10, place - 1
  from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::text[], $8::int[])
    as batch (id, direction, peer, envelope, signature, entries, names, place)`;

const FIND_RECEIVED = `select id from call_batch where direction = 'in' and id = any($1::uuid[])`;

/** What PostgreSQL says to a second row of one key. */
const UNIQUE_VIOLATION = '23505';

const INSERT_GROUP = 'insert into call_group (leaf, members) values ($1, $2)';

/** Thrown inside the transaction of a group that holds a batch which was there before: the others are then written without it. */
class Replayed extends Error {
  readonly ids: ReadonlySet<string>;
  constructor(ids: ReadonlySet<string>) {
    super('replayed');
    this.ids = ids;
  }
}

/**
 * Writes batches in groups, one after the other: whatever gathered while the group before was on its way to the disk becomes durable with
 * one commit and one leaf of the ledger. There is no window that anybody waits for: with nothing under way a group is written at once. Two
 * at once would halve the groups, which costs more than it saves.
 * @param onError told of what failed once a group was durable
 */
export function openJournal(ctx: CallsContext, onError: (error: unknown) => void): Journal {
  const waiting: Turn[] = [];
  const idle: (() => void)[] = [];
  let writing = false;
  let scheduled = false;

  const write = async (turns: Turn[]): Promise<void> => {
    const made = turns.flatMap((turn) => {
      try {
        return [{ turn, batches: turn.make() }];
      } catch (error) {
        turn.failed(error);
        return [];
      }
    });
    let replayed: ReadonlySet<string>;
    try {
      replayed = await writeGroup(
        ctx,
        made.flatMap(({ batches }) => batches),
      );
    } catch (error) {
      for (const { turn } of made) turn.failed(error);
      return;
    }
    for (const { turn } of made) {
      try {
        turn.durable(replayed);
      } catch (error) {
        onError(error);
      }
    }
  };
  const next = (): void => {
    scheduled = false;
    writing = true;
    void write(waiting.splice(0, MOST_BATCHES)).finally(() => {
      writing = false;
      if (waiting.length === 0) for (const done of idle.splice(0)) done();
      schedule();
    });
  };
  // What comes in with one look at the sockets goes into one group.
  const schedule = (): void => {
    if (scheduled || writing || waiting.length === 0) return;
    scheduled = true;
    setImmediate(next);
  };
  return {
    add(turn) {
      waiting.push(turn);
      schedule();
    },
    async stop() {
      if (writing || waiting.length > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };
}

/** Makes batches durable together. @returns ids of received batches that were there before, and were not written again */
export async function writeGroup(ctx: CallsContext, group: Logged[]): Promise<ReadonlySet<string>> {
  const replayed = new Set<string>();
  for (let left = group; left.length > 0; ) {
    try {
      await writeOnce(ctx, left);
      return replayed;
    } catch (error) {
      if (!(error instanceof Replayed)) throw error;
      for (const id of error.ids) replayed.add(id);
      left = left.filter(({ direction, batch }) => direction === 'out' || !error.ids.has(batch.envelope.id));
    }
  }
  return replayed;
}

async function writeOnce(ctx: CallsContext, group: Logged[]): Promise<void> {
  const twice = group.filter((one, place) => group.some((other, at) => at < place && isSame(one, other)));
  if (twice.length > 0) throw new Replayed(new Set(twice.map(({ batch }) => batch.envelope.id)));
  await ensureLog(ctx);
  const at = ctx.clock.now();
  const members = group.map(({ direction, batch }) =>
    digest(Buffer.from(loggedText({ direction, at, envelope: batch.bytes, signature: batch.signature }))),
  );
  const leaf = randomId();
  const content = { calls: rootOf(members).toString('hex'), count: members.length };
  const work = async (tx: Tx): Promise<void> => {
    await Promise.all([
      appendLeaf(tx, ctx, { id: leaf, kind: 'calls', content }),
      tx.query(INSERT_BATCHES, [
        group.map(({ batch }) => batch.envelope.id),
        group.map(({ direction }) => direction),
        group.map(({ peer }) => peer),
        group.map(({ batch }) => batch.bytes),
        group.map(({ batch }) => batch.signature),
        group.map(({ batch }) => keepEntries(batch.entries)),
        group.map(({ names }) => names.map(nameKey).join(' ')),
        group.map((_, place) => place + 1),
        at,
        leaf,
      ]),
      tx.last(INSERT_GROUP, [leaf, Buffer.concat(members)]),
    ]);
  };
  try {
    await ctx.db.transaction(work);
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    const ids = group.filter(({ direction }) => direction === 'in').map(({ batch }) => batch.envelope.id);
    const before = await ctx.db.query<{ id: string }>(FIND_RECEIVED, [ids]);
    if (before.length === 0) throw error;
    throw new Replayed(new Set(before.map(({ id }) => id)));
  }
}

/** Logs that are known to be there, so that a leaf never waits for its log to be made. */
const opened = new WeakMap<object, Promise<unknown>>();

function ensureLog(ctx: CallsContext): Promise<unknown> {
  const known = opened.get(ctx);
  if (known !== undefined) return known;
  const opening = openLog(ctx.db, ctx);
  opened.set(ctx, opening);
  opening.catch(() => opened.delete(ctx));
  return opening;
}

const isSame = (one: Logged, other: Logged): boolean =>
  one.direction === other.direction && one.batch.envelope.id === other.batch.envelope.id;

/**
 * The number that a name is kept as; several names may share one, so whoever finds by it looks again. What ends with a UUID is known by
 * the UUID's last sixteen digits, most of which are random; anything else by its digest.
 */
export function nameKey(name: string): string {
  const [, a, b] = /([0-9a-f]{4})-([0-9a-f]{12})$/.exec(name) ?? [];
  const key = a === undefined ? hash('sha256', name, 'buffer').readBigUInt64BE(0) : BigInt(`0x${a}${b}`);
  return BigInt.asIntN(64, key).toString();
}
