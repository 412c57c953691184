import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomId } from '../../crypto/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { LedgerContext } from '../context.ts';
import { breaking, freshLedger, ledgerOn, log, logOne } from '../testing-ledger.ts';
import { verifyInclusion } from '../verify.ts';
import { appendLeaf, eraseLeaf } from './append.ts';
import { auditLedger } from './audit.ts';
import { integrate } from './integrate.ts';
import { takeLease } from './lease.ts';
import { getLog, openLog } from './log-row.ts';
import { checkpoint, consistencyProof, inclusion, leafState, provable } from './read.ts';
import { readLedgerPath } from './serve.ts';

const trustOf = (ctx: LedgerContext) => ({
  origin: ctx.ledger.origin,
  ledgerKeys: [ctx.ledger.key.public],
  witnesses: [],
  quorum: 0,
});
const audit = (ctx: LedgerContext) =>
  auditLedger(async (path) => {
    const answer = await readLedgerPath(ctx, path);
    return answer.status === 200 ? answer.body : undefined;
  }, trustOf(ctx));

test('a leaf waits until it is sequenced, then has an index and a proof that verifies with its content', async (t) => {
  const ctx = await freshLedger(t);
  const content = { agency: 'kz.pension-fund', fields: ['periods'] };
  const id = await logOne(ctx, content);
  assert.equal(await leafState(ctx, randomId()), undefined);
  assert.deepEqual(await leafState(ctx, id), {});
  assert.equal(await inclusion(ctx, id), undefined);
  assert.deepEqual(await provable(ctx, [id]), new Set());
  assert.equal(await integrate(ctx), 1);
  assert.deepEqual(await leafState(ctx, id), { index: 0 });
  assert.deepEqual(await provable(ctx, [id, randomId()]), new Set([id]));
  const proof = await inclusion(ctx, id);
  assert.ok(proof);
  const result = await verifyInclusion(proof, { ...trustOf(ctx), content });
  assert.ok(result.verified && result.witnessed === 0 && result.seenBy === null);
  const other = await verifyInclusion(proof, { ...trustOf(ctx), content: { ...content, fields: [] } });
  assert.ok(!other.verified && other.code === 'LEDGER_PROOF_CONTENT');
});

test('what the caller rolls back is not logged', async (t) => {
  const ctx = await freshLedger(t);
  const failed = ctx.db.transaction(async (tx) => {
    await appendLeaf(tx, ctx, { kind: 'decision', content: 1 });
    throw new Error('no');
  });
  await assert.rejects(failed, /no/);
  assert.equal(await integrate(ctx), 0);
  assert.equal((await getLog(ctx)).size, 0);
});

test('a transaction that commits late gets its index, though its id is older than those already sequenced', async (t) => {
  const ctx = await freshLedger(t);
  await openLog(ctx.db, ctx);
  let late = '';
  await ctx.db.transaction(async (tx) => {
    late = (await appendLeaf(tx, ctx, { kind: 'decision', content: 'late' })).id;
    // Another appender neither waits for this one nor does the sequencer.
    const early = await logOne(ctx, 'early');
    assert.ok(late < early);
    assert.equal(await integrate(ctx), 1);
    assert.deepEqual(await leafState(ctx, early), { index: 0 });
  });
  assert.equal(await integrate(ctx), 1);
  assert.deepEqual(await leafState(ctx, late), { index: 1 });
});

test('many batches over several tiles: every leaf proves itself, every earlier checkpoint is a beginning, an outsider recomputes all', async (t) => {
  const ctx = await freshLedger(t);
  const ids: string[] = [];
  for (const count of [1, 2, 253, 1, 255, 3, 300]) {
    ids.push(...(await log(ctx, count)));
    assert.equal(await integrate(ctx), count);
  }
  const result = await audit(ctx);
  assert.ok(result.verified && result.entries.length === 815);
  for (const at of [0, 1, 255, 256, 257, 511, 512, 814]) {
    const proof = await inclusion(ctx, ids[at] as string);
    assert.ok(proof && (await verifyInclusion(proof, trustOf(ctx))).verified);
  }
  for (const first of [0, 1, 255, 256, 700, 815]) {
    const { path } = await consistencyProof(ctx, first, 815);
    assert.ok(path.length <= 11);
  }
  for (const [first, second] of [
    [816, 816],
    [1, 816],
    [2, 1],
    [-1, 1],
    [0.5, 1],
  ] as const) {
    await assert.rejects(consistencyProof(ctx, first, second), (error) => isFailure(error, 'LEDGER_SIZE'));
  }
});

for (const when of ['before', 'after'] as const) {
  test(`killed ${when} any of its statements, an integration did all or nothing, and the next one does the rest`, async (t) => {
    const ctx = await freshLedger(t);
    await log(ctx, 250);
    await integrate(ctx);
    const ids = await log(ctx, 20);
    const before = await checkpoint(ctx);
    let survived = false;
    for (let at = 1; !survived; at++) {
      const broken = { ...ctx, db: breaking(ctx.db, at, when) };
      survived = await integrate(broken).then(
        () => true,
        () => false,
      );
      if (survived) break;
      assert.equal(await checkpoint(ctx), before, `statement ${at}`);
      assert.deepEqual(await leafState(ctx, ids[0] as string), {});
      assert.ok(at < 50);
    }
    const result = await audit(ctx);
    assert.ok(result.verified && result.head.size === 270);
    assert.equal(await integrate(ctx), 0);
  });
}

test('an integration whose connection dies at any statement did all or nothing', async (t) => {
  const ctx = await freshLedger(t);
  await log(ctx, 3);
  await openLog(ctx.db, ctx);
  for (let at = 1; at <= 3; at++) {
    let count = 0;
    const dying = {
      ...ctx.db,
      transaction: <T>(work: Parameters<typeof ctx.db.transaction<T>>[0]) =>
        ctx.db.transaction<T>((tx) =>
          work({
            ...tx,
            async query(text, values) {
              count++;
              if (count === at * 2) await ctx.db.query('select pg_terminate_backend($1)', [await pidOf(tx)]);
              return tx.query(text, values);
            },
          }),
        ),
    };
    await assert.rejects(integrate({ ...ctx, db: dying }));
    assert.equal((await getLog(ctx)).size, 0);
  }
  assert.equal(await integrate(ctx), 3);
  assert.ok((await audit(ctx)).verified);
});

async function pidOf(tx: { query: LedgerContext['db']['query'] }): Promise<number> {
  const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
  return row?.pid ?? 0;
}

test('who holds an old lease does nothing', async (t) => {
  const ctx = await freshLedger(t);
  const { log: number } = await openLog(ctx.db, ctx);
  await log(ctx, 2);
  const wanted = { log: number, task: 'sequence', ttlMs: 60_000 } as const;
  const old = await takeLease(ctx.db, { ...wanted, holder: randomId(), ttlMs: -1 });
  assert.ok(old);
  const young = await takeLease(ctx.db, { ...wanted, holder: randomId() });
  assert.ok(young && young.epoch === old.epoch + 1);
  assert.equal(await takeLease(ctx.db, { ...wanted, holder: old.holder }), undefined);
  assert.equal(await integrate(ctx, old), 0);
  assert.equal(await integrate(ctx, young), 2);
});

test('integrations at once take turns: no index is given twice', async (t) => {
  const ctx = await freshLedger(t);
  await Promise.all(Array.from({ length: 8 }, () => log(ctx, 40).then(() => integrate(ctx))));
  while ((await integrate(ctx)) > 0);
  const rows = await ctx.db.query<{ index: number }>('select index from ledger_position order by index');
  assert.deepEqual(
    rows.map(({ index }) => index),
    Array.from({ length: 320 }, (_, index) => index),
  );
  assert.ok((await audit(ctx)).verified);
});

test('a tree that was cut or altered in the database is never signed over', async (t) => {
  const ctx = await freshLedger(t);
  await log(ctx, 300);
  await integrate(ctx);
  await log(ctx, 1);
  const damages = [
    `update ledger_tile set body = substr(body, 1, 32) where level = 0 and index = 1`,
    `delete from ledger_tile where level = 1`,
    `update ledger_tile set body = overlay(body placing '\\x00' from 5) where level = 0 and index = 1`,
    `update ledger_log set size = size - 1`,
    `update ledger_log set root = '\\x00'`,
  ];
  for (const damage of damages) {
    const undone = ctx.db.transaction(async (tx) => {
      await tx.query(damage);
      const inside = {
        ...ctx.db,
        query: tx.query,
        transaction: <T>(work: (inner: typeof tx) => Promise<T>) => work(tx),
      };
      await assert.rejects(integrate({ ...ctx, db: inside }), (error) => isFailure(error, 'LEDGER_DAMAGED'), damage);
      throw new Error('undo');
    });
    await assert.rejects(undone, /undo/, damage);
  }
  assert.equal(await integrate(ctx), 1);
});

test('an erased leaf stays in the tree and can never be opened again', async (t) => {
  const ctx = await freshLedger(t);
  const [first, second] = [await logOne(ctx, { name: 'A' }), await logOne(ctx, { name: 'B' })];
  await integrate(ctx);
  const before = await checkpoint(ctx);
  await ctx.db.transaction((tx) => eraseLeaf(tx, ctx, first));
  await assert.rejects(inclusion(ctx, first), (error) => isFailure(error, 'LEDGER_LEAF_ERASED'));
  assert.deepEqual(await leafState(ctx, first), { index: 0 });
  assert.equal(await checkpoint(ctx), before);
  const proof = await inclusion(ctx, second);
  assert.ok(proof && (await verifyInclusion(proof, trustOf(ctx))).verified);
});

test('the same content in two logs, or twice in one, gives leaves that nobody can link', async (t) => {
  const [here, there] = [await freshLedger(t), await freshLedger(t)];
  await logOne(here, { name: 'A' });
  await logOne(here, { name: 'A' });
  await logOne(there, { name: 'A' });
  await Promise.all([integrate(here), integrate(there)]);
  const entries = await Promise.all([audit(here), audit(there)]);
  const all = entries.flatMap((result) => (result.verified ? result.entries : []));
  assert.equal(new Set(all.map((entry) => entry.toString('hex'))).size, 3);
});

test('several logs live in one database without touching one another', async (t) => {
  const ctx = await freshLedger(t);
  const other = ledgerOn(ctx.db, 'commonway/test/kz-2');
  const [mine, theirs] = [await logOne(ctx, 1), await logOne(other, 2)];
  await integrate(ctx);
  assert.deepEqual(await leafState(other, theirs), {});
  await integrate(other);
  assert.deepEqual(await leafState(ctx, mine), { index: 0 });
  assert.deepEqual(await leafState(other, theirs), { index: 0 });
  assert.equal(await inclusion(ctx, theirs), undefined);
});

test('a log name that cannot stand in a note, or a key that cannot sign one, is refused', async (t) => {
  const { db } = await freshLedger(t);
  for (const origin of ['', 'a b', 'a+b', 'a\nb']) {
    await assert.rejects(openLog(db, ledgerOn(db, origin)), (error) => isFailure(error, 'LEDGER_ORIGIN'), origin);
  }
  const { generateKey } = await import('../../crypto/index.ts');
  const wrong = ledgerOn(db, 'commonway/test/x', generateKey('es256'));
  await assert.rejects(openLog(db, wrong), (error) => isFailure(error, 'CRYPTO_KEY'));
  await assert.rejects(checkpoint(wrong), (error) => isFailure(error, 'LEDGER_UNKNOWN'));
});
