import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { generateKey } from '../../crypto/index.ts';
import { freshDb, manualClock } from '../../storage/testing.ts';
import { migrations } from '../index.ts';
import { integrate } from '../log/integrate.ts';
import { checkpoint, inclusion, witnessedCheckpoint } from '../log/read.ts';
import { quorumOf } from '../proof/index.ts';
import { freshLedger, log, logOne, until } from '../testing-ledger.ts';
import { verifyInclusion } from '../verify.ts';
import { addCheckpoint, type WitnessContext } from './add-checkpoint.ts';
import type { WitnessingContext, WitnessPeer } from './peer.ts';
import { ledgerStatus } from './status.ts';
import { startWitnessing } from './witnessing.ts';

/** A log with four witnesses, each with a database of its own; those named in `away` do not answer. */
async function freshUnion(t: TestContext) {
  const kz = await freshLedger(t);
  const away = new Set<string>();
  const asked: string[] = [];
  const witnesses = new Map<string, WitnessContext>();
  await Promise.all(
    ['am', 'by', 'kg', 'ru'].map(async (state) => {
      const name = `commonway/test/${state}`;
      const clock = manualClock('2026-11-22T20:00:00.000Z');
      witnesses.set(name, { db: await freshDb(t, [migrations]), clock, witness: { name, key: generateKey() } });
    }),
  );
  const peers: WitnessPeer[] = [...witnesses.values()]
    .sort((a, b) => (a.witness.name < b.witness.name ? -1 : 1))
    .map(({ witness }) => ({ ...witness, key: witness.key.public }));
  const ctx: WitnessingContext = {
    ...kz,
    peers: () => peers,
    async submit(peer, body) {
      asked.push(peer.name);
      if (away.has(peer.name)) throw new Error('unreachable');
      return addCheckpoint(witnesses.get(peer.name) as WitnessContext, body, () => [kz.ledger.key.public]);
    },
  };
  const trust = {
    origin: kz.ledger.origin,
    ledgerKeys: [kz.ledger.key.public],
    witnesses: peers.map(({ key }) => [key]),
    quorum: quorumOf(peers.length),
  };
  return { ctx, away, asked, witnesses, peers, trust };
}

const states = async (ctx: WitnessingContext) => (await ledgerStatus(ctx)).witnesses.map(({ state }) => state);
const witnessedSize = async (ctx: WitnessingContext) => (await witnessedCheckpoint(ctx))?.size;

test('checkpoints are witnessed by all that answer; three of four suffice, and the proof shows it', async (t) => {
  const { ctx, away, trust } = await freshUnion(t);
  away.add('commonway/test/ru');
  const id = await logOne(ctx, 'an access');
  await integrate(ctx);
  const early = await inclusion(ctx, id);
  assert.ok(early);
  const unwitnessed = await verifyInclusion(early, trust);
  assert.ok(!unwitnessed.verified && unwitnessed.code === 'LEDGER_PROOF_WITNESSES');
  const witnessing = startWitnessing(ctx);
  try {
    await until(async () => (await witnessedSize(ctx)) === 1);
    const proof = await inclusion(ctx, id);
    assert.ok(proof);
    const result = await verifyInclusion(proof, { ...trust, content: 'an access' });
    assert.ok(result.verified);
    assert.equal(result.witnessed, 3);
    assert.equal(result.seenBy, Date.parse('2026-11-22T20:00:00Z') / 1000);
    await until(async () => (await states(ctx)).join() === 'ok,ok,ok,silent');
  } finally {
    await witnessing.stop();
  }
});

test('below the quorum work goes on unwitnessed, and catches up when a state comes back', async (t) => {
  const { ctx, away, trust } = await freshUnion(t);
  away.add('commonway/test/ru').add('commonway/test/kg');
  const id = await logOne(ctx, 1);
  await integrate(ctx);
  const witnessing = startWitnessing(ctx);
  try {
    await until(async () => (await states(ctx)).join() === 'ok,ok,silent,silent');
    assert.equal(await witnessedCheckpoint(ctx), undefined);
    await log(ctx, 40);
    await integrate(ctx);
    away.clear();
    const witnessed = await until(async () => witnessedSize(ctx));
    assert.equal(witnessed, 41);
    const proof = await inclusion(ctx, id);
    assert.ok(proof && (await verifyInclusion(proof, trust)).verified);
  } finally {
    await witnessing.stop();
  }
});

test('a proof keeps its first witnessed checkpoint, or takes the latest on demand', async (t) => {
  const { ctx } = await freshUnion(t);
  const id = await logOne(ctx, 1);
  await integrate(ctx);
  const witnessing = startWitnessing(ctx);
  try {
    await until(async () => (await witnessedSize(ctx)) === 1);
    await log(ctx, 5);
    await integrate(ctx);
    await until(async () => (await witnessedSize(ctx)) === 6);
    assert.equal((await inclusion(ctx, id))?.size, 1);
    assert.equal((await inclusion(ctx, id, { checkpoint: 'latest' }))?.size, 6);
  } finally {
    await witnessing.stop();
  }
});

test('answers that are no valid cosignature of that witness are not kept', async (t) => {
  const { ctx, witnesses, peers } = await freshUnion(t);
  const [am, by, kg, ru] = peers as [WitnessPeer, WitnessPeer, WitnessPeer, WitnessPeer];
  const submit: WitnessingContext['submit'] = async (peer, body) => {
    const answer = await ctx.submit(peer, body);
    // by answers with the line of another, kg with rubbish, ru under a foreign name.
    if (peer === by) return ctx.submit(am, body).then((mine) => ({ ...mine, status: 200 }));
    if (peer === kg) return { status: 200, body: '— x AAAAAAAA\nrubbish' };
    if (peer === ru) return { status: 200, body: answer.body.replace('test/ru', 'test/xx') };
    return answer;
  };
  assert.equal(witnesses.size, 4);
  await log(ctx, 2);
  await integrate(ctx);
  const witnessing = startWitnessing({ ...ctx, submit });
  try {
    await until(async () => (await states(ctx)).join() === 'ok,refused,refused,refused');
    const note = await checkpoint(ctx);
    assert.equal(note.split('\n').filter((line) => line.startsWith('—')).length, 2);
    assert.equal(await witnessedCheckpoint(ctx), undefined);
  } finally {
    await witnessing.stop();
  }
});

test('a node restored from an old backup is told by its witnesses that they are ahead', async (t) => {
  const { ctx, witnesses, trust } = await freshUnion(t);
  // The life before the loss, seen by the witnesses; then the same log begins anew from less.
  const before = await freshLedger(t);
  const lost = { ...before, ledger: ctx.ledger };
  await log(lost, 9);
  await integrate(lost);
  const note = await checkpoint(lost);
  for (const witness of witnesses.values()) {
    await addCheckpoint(witness, `old 0\n\n${note}`, () => trust.ledgerKeys);
  }
  await log(ctx, 3);
  await integrate(ctx);
  const witnessing = startWitnessing(ctx);
  try {
    await until(async () => (await states(ctx)).join() === 'ahead,ahead,ahead,ahead');
    const { witnesses: seen, witnessed } = await ledgerStatus(ctx);
    assert.deepEqual(
      seen.map(({ size }) => size),
      [9, 9, 9, 9],
    );
    assert.equal(witnessed, null);
  } finally {
    await witnessing.stop();
  }
});

test('a witness that already holds part of the log is met from there', async (t) => {
  const { ctx, witnesses } = await freshUnion(t);
  await log(ctx, 3);
  await integrate(ctx);
  const note = await checkpoint(ctx);
  for (const witness of witnesses.values()) {
    await addCheckpoint(witness, `old 0\n\n${note}`, () => [ctx.ledger.key.public]);
  }
  await log(ctx, 4);
  await integrate(ctx);
  const witnessing = startWitnessing(ctx);
  try {
    await until(async () => (await witnessedSize(ctx)) === 7);
  } finally {
    await witnessing.stop();
  }
});

test('of two processes of one node only one asks', async (t) => {
  const { ctx, asked } = await freshUnion(t);
  await log(ctx, 1);
  await integrate(ctx);
  const both = [startWitnessing(ctx), startWitnessing(ctx)];
  try {
    await until(async () => (await states(ctx)).join() === 'ok,ok,ok,ok');
    assert.deepEqual(
      asked.toSorted(),
      ['am', 'by', 'kg', 'ru'].map((state) => `commonway/test/${state}`),
    );
  } finally {
    await Promise.all(both.map((one) => one.stop()));
  }
});

test('a state alone has nobody to ask', async (t) => {
  const { ctx } = await freshUnion(t);
  await log(ctx, 1);
  await integrate(ctx);
  const errors: unknown[] = [];
  const witnessing = startWitnessing({ ...ctx, peers: () => [] }, { onError: (error) => errors.push(error) });
  await witnessing.stop();
  assert.deepEqual(errors, []);
  assert.deepEqual((await ledgerStatus(ctx)).witnesses, []);
});
