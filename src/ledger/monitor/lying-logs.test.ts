import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { generateKey, randomBytes, sha256 } from '../../crypto/index.ts';
import { integrate } from '../log/integrate.ts';
import { readLedgerPath } from '../log/serve.ts';
import { signCheckpoint } from '../log/sign-checkpoint.ts';
import { leavesOf, lyingLog, type ShownLog } from '../testing.ts';
import { freshLedger, log } from '../testing-ledger.ts';
import { ENTRY } from '../tree/hash.ts';
import { auditReceipt } from './audit-receipt.ts';
import { type ComplaintEvidence, listComplaints } from './complaint.ts';
import { followLog } from './follow.ts';
import { STEPS } from './grow-mirror.ts';
import { judgeComplaint } from './judge.ts';

const ORIGIN = 'commonway/test/ru';
const { key, trust, logOf, proofOf } = lyingLog(ORIGIN);

/** Another state's node, which looks at the log. */
async function monitor(t: TestContext) {
  const ctx = await freshLedger(t);
  const complaints = async () => (await listComplaints(ctx)).map(({ evidence }) => evidence);
  const only = async (): Promise<ComplaintEvidence> => {
    const all = await complaints();
    assert.equal(all.length, 1);
    return all[0] as ComplaintEvidence;
  };
  return { ctx, complaints, only, follow: (one: ShownLog) => followLog(ctx, one.read, trust) };
}

test('an honest log is mirrored leaf by leaf as it grows over tiles, and nothing is held against it', async (t) => {
  const { ctx, complaints } = await monitor(t);
  const other = await freshLedger(t, ORIGIN);
  const honest = { ...trust, ledgerKeys: [other.ledger.key.public], quorum: 0 };
  const read = async (path: string) => {
    const { status, body } = await readLedgerPath(other, path);
    return status === 200 ? body : undefined;
  };
  let size = 0;
  for (const count of [1, 254, 1, 1, 255, 300]) {
    await log(other, count);
    await integrate(other);
    size += count;
    assert.deepEqual(await followLog(ctx, read, honest), { state: 'mirrored', size });
    assert.deepEqual(await followLog(ctx, read, honest), { state: 'mirrored', size });
  }
  assert.deepEqual(await complaints(), []);
});

test('a log that is not signed, or does not serve what it signed, is unread and not accused', async (t) => {
  const { ctx, complaints } = await monitor(t);
  const { note, read } = logOf(leavesOf(3));
  const strange = { ...trust, ledgerKeys: [generateKey().public] };
  assert.equal((await followLog(ctx, read, strange)).state, 'unread');
  const without = await followLog(ctx, async (path) => (path === 'checkpoint' ? Buffer.from(note) : undefined), trust);
  assert.equal(without.state, 'unread');
  assert.equal((await followLog(ctx, async () => undefined, trust)).state, 'unread');
  assert.deepEqual(await complaints(), []);
});

test('a fork is detected, and proven by two signatures to anybody', async (t) => {
  const { follow, only } = await monitor(t);
  await follow(logOf(leavesOf(5)));
  assert.equal((await follow(logOf(leavesOf(6).slice(1)))).state, 'broken');
  const evidence = await only();
  assert.equal(evidence.kind, 'fork');
  assert.deepEqual(await judgeComplaint(evidence, trust), { verified: true, proven: true });
  assert.ok(evidence.kind === 'fork');
  const forged = await judgeComplaint({ ...evidence, second: evidence.first }, trust);
  assert.ok(!forged.verified);
});

test('a rewritten leaf under a new checkpoint is detected and named, and proven by two trees', async (t) => {
  const { follow, only } = await monitor(t);
  const leaves = leavesOf(600);
  await follow(logOf(leaves.slice(0, 300)));
  const rewritten = leaves.with(17, sha256('another'));
  assert.equal((await follow(logOf(rewritten))).state, 'broken');
  const evidence = await only();
  assert.ok(evidence.kind === 'rewritten-leaf' && evidence.index === 17);
  assert.deepEqual(await judgeComplaint(evidence, trust), { verified: true, proven: true });
  const moved = await judgeComplaint({ ...evidence, index: 18 }, trust);
  assert.ok(!moved.verified && moved.code === 'LEDGER_PROOF_PATH');
});

test('a leaf that is rewritten below an unchanged checkpoint is found when its tile is looked at again', async (t) => {
  const { ctx, follow, only } = await monitor(t);
  const leaves = leavesOf(300);
  const honest = logOf(leaves);
  await follow(honest);
  const lying = logOf(leaves.with(270, sha256('another')));
  const read = async (path: string) => (path === 'checkpoint' ? honest.read(path) : lying.read(path));
  assert.equal((await followLog(ctx, read, trust)).state, 'mirrored');
  assert.equal((await followLog(ctx, read, trust)).state, 'broken');
  const evidence = await only();
  assert.ok(evidence.kind === 'rewritten-leaf' && evidence.index === 270);
  // What bytes were served is the word of the node that complains.
  assert.deepEqual(await judgeComplaint(evidence, trust), { verified: true, proven: false });
});

test('a cut tail is detected; that it came later is the word of the node that complains', async (t) => {
  const { follow, only } = await monitor(t);
  await follow(logOf(leavesOf(9)));
  assert.equal((await follow(logOf(leavesOf(7)))).state, 'broken');
  const evidence = await only();
  assert.equal(evidence.kind, 'cut-tail');
  assert.deepEqual(await judgeComplaint(evidence, trust), { verified: true, proven: false });
  assert.ok(evidence.kind === 'cut-tail');
  assert.ok(!(await judgeComplaint({ ...evidence, first: evidence.second }, trust)).verified);
});

test('a reused index is detected in a proof that names a leaf where the mirror has another', async (t) => {
  const { ctx, follow, only } = await monitor(t);
  const leaves = leavesOf(20);
  await follow(logOf(leaves));
  const content = { at: '2026-11-22T19:00:00.000Z' };
  const { proof } = proofOf(content, leaves, 7);
  assert.equal(await auditReceipt(ctx, { proof, content, within: 86_400 }, trust), 'reused-index');
  assert.deepEqual(await judgeComplaint(await only(), trust), { verified: true, proven: true });
});

test('a time that is earlier than a quorum of witnesses missed the leaf is detected; within the promise it is not', async (t) => {
  const { ctx, follow, only, complaints } = await monitor(t);
  const leaves = leavesOf(20);
  const noon = Date.parse('2026-11-22T12:00:00Z') / 1000;
  await follow(logOf(leaves, noon));
  const audit = (at: string, within: number) =>
    auditReceipt(ctx, { proof: proofOf({ at }, leaves).proof, content: { at }, within }, trust);
  assert.equal(await audit('2026-11-22T11:59:30.000Z', 60), undefined);
  assert.equal(await audit('2026-11-22T11:00:00.000Z', 3600), undefined);
  assert.deepEqual(await complaints(), []);
  assert.equal(await audit('2026-11-22T11:00:00.000Z', 600), 'backdated');
  const evidence = await only();
  assert.deepEqual(await judgeComplaint(evidence, trust), { verified: true, proven: true });
  assert.ok(evidence.kind === 'backdated');
  for (const wrong of [
    { within: 3600 },
    { checkpoint: logOf(leaves).note },
    { content: { at: '2026-11-22T12:00:00.000Z' } },
  ]) {
    assert.ok(!(await judgeComplaint({ ...evidence, ...wrong }, trust)).verified);
  }
});

test('two witnesses are not enough to call a time wrong', async (t) => {
  const { ctx } = await monitor(t);
  const leaves = leavesOf(4);
  const { note, read } = logOf(leaves, Date.parse('2026-11-22T12:00:00Z') / 1000);
  const fewer = `${note.split('\n').slice(0, -2).join('\n')}\n`;
  await followLog(ctx, async (path) => (path === 'checkpoint' ? Buffer.from(fewer) : read(path)), trust);
  const content = { at: '2026-11-22T08:00:00.000Z' };
  const { proof } = proofOf(content, leaves);
  assert.equal(await auditReceipt(ctx, { proof, content, within: 10 }, trust), undefined);
});

test('one broken promise is one complaint, however often and by how many processes it is seen', async (t) => {
  const { follow, complaints } = await monitor(t);
  await follow(logOf(leavesOf(9)));
  await Promise.all([1, 2, 3].map(() => follow(logOf(leavesOf(7)))));
  assert.equal((await complaints()).length, 1);
});

test('a complaint that is made up is judged unfounded, whatever of it is true', async () => {
  const noon = Date.parse('2026-11-22T12:00:00Z') / 1000;
  const leaves = leavesOf(20);
  const honest = logOf(leaves, noon);
  const leaf = (at: number) => ({
    data: (leaves[at] as Buffer).toString('hex'),
    path: honest.pathOf(at),
    checkpoint: honest.note,
  });
  const made = { data: sha256('made up').toString('hex') };
  const content = { at: '2026-11-22T12:00:01.000Z' };
  const { proof } = proofOf(content, leaves);
  const backdated = { kind: 'backdated', proof, content, checkpoint: honest.note };
  const early = { at: '2026-11-22T10:00:00.000Z' };
  const { proof: access } = proofOf(early, leaves, leaves.length, 'access');
  for (const [name, forged] of Object.entries({
    'two texts of nobody': { kind: 'rewritten-leaf', index: 3, first: made, second: { data: '00'.repeat(32) } },
    'a first leaf that nobody signed': { kind: 'rewritten-leaf', index: 3, first: made, second: leaf(3) },
    'a first leaf without a path': { kind: 'reused-index', index: 3, first: { ...leaf(3), path: [] }, second: leaf(4) },
    'a second leaf that nobody signed': { kind: 'reused-index', index: 3, first: leaf(3), second: made },
    'a kind that there is not': { kind: 'treason', index: 3, first: leaf(3), second: made },
    'an index that is none': { kind: 'rewritten-leaf', index: -1, first: leaf(3), second: made },
    'a promise that was over before it was given': { ...backdated, within: -86_400 },
    'a promise that was not given': { ...backdated, within: 1 },
    'a leaf of which nothing was promised': { ...backdated, proof: access, content: early, within: 60 },
    'more than its form': { kind: 'fork', first: honest.note, second: honest.note, more: 1 },
    nothing: null,
    'a number': 1,
  })) {
    const judged = await judgeComplaint(forged as unknown as ComplaintEvidence, trust);
    assert.equal(judged.verified, false, name);
  }
});

test('a log is taken in steps, and counts once all of it gives the signed root', async (t) => {
  const { ctx, complaints } = await monitor(t);
  const leaves = leavesOf(1300);
  const step = { tiles: 1, most: 2 };
  const look = (one: ShownLog) => followLog(ctx, one.read, trust, step);
  const half = logOf(leaves.slice(0, 300));
  assert.deepEqual(await look(half), { state: 'mirrored', size: 300 });
  const states: string[] = [];
  // It grows while it is taken: what was begun is ended first.
  for (let count = 900; states.at(-1) !== 'mirrored'; count = 1300)
    states.push((await look(logOf(leaves.slice(0, count)))).state);
  assert.deepEqual(states, ['behind', 'behind', 'behind', 'mirrored']);
  assert.deepEqual(await complaints(), []);
  const [mirror] = await ctx.db.query<{ size: number; staged: number; aim: string }>(
    'select size, staged, aim from ledger_mirror',
  );
  assert.deepEqual([Number(mirror?.size), Number(mirror?.staged), mirror?.aim], [1300, 1300, '']);
  assert.equal((await look(logOf(leaves.with(1100, sha256('another')).concat(leavesOf(1))))).state, 'broken');
});

test('a log without an end costs each look no more than its steps, and is held to what it signed', async (t) => {
  const { ctx, only } = await monitor(t);
  const [size, root] = [2 ** 50, Buffer.alloc(32, 7)];
  const note = signCheckpoint({ origin: ORIGIN, size, root }, key);
  let reads = 0;
  const read = async (path: string) => {
    if (path === 'checkpoint') return Buffer.from(note);
    reads++;
    return Buffer.concat(Array.from({ length: 256 }, () => [Buffer.from([0, ENTRY]), randomBytes(ENTRY)]).flat());
  };
  for (let look = 1; look <= 3; look++) {
    assert.deepEqual(await followLog(ctx, read, trust, { tiles: 2, most: 3 }), { state: 'behind', size });
    assert.equal(reads, look * 6);
  }
  assert.ok(STEPS.tiles * STEPS.most <= 1024);
  assert.equal((await followLog(ctx, logOf(leavesOf(3)).read, trust)).state, 'broken');
  assert.equal((await only()).kind, 'cut-tail');
});

test('leaves that do not give the root they were signed under never count, and are taken anew', async (t) => {
  const { ctx, complaints } = await monitor(t);
  const leaves = leavesOf(700);
  const honest = logOf(leaves);
  await followLog(ctx, logOf(leaves.slice(0, 300)).read, trust);
  const other = logOf(leaves.with(500, sha256('another')));
  const lying = async (path: string) => (path === 'checkpoint' ? honest.read(path) : other.read(path));
  assert.equal((await followLog(ctx, lying, trust)).state, 'unread');
  assert.deepEqual(await complaints(), []);
  assert.deepEqual(await followLog(ctx, honest.read, trust), { state: 'mirrored', size: 700 });
});

test('what witnesses had seen is not pushed out by lines of nobody, nor by checkpoints that nobody saw', async (t) => {
  const { ctx, follow } = await monitor(t);
  const leaves = leavesOf(60);
  const noon = Date.parse('2026-11-22T12:00:00Z') / 1000;
  const seen = logOf(leaves.slice(0, 10), noon);
  await follow(seen);
  const padded = `${logOf(leaves.slice(0, 10)).note}\u2014 nobody ${Buffer.alloc(2_000, 1).toString('base64')}\n`;
  assert.ok(padded.length > seen.note.length);
  await followLog(ctx, async (path) => (path === 'checkpoint' ? Buffer.from(padded) : seen.read(path)), trust);
  for (let count = 11; count <= 40; count++) await follow(logOf(leaves.slice(0, count)));
  const content = { at: '2026-11-22T10:00:00.000Z' };
  const { proof } = proofOf(content, leaves.slice(0, 50));
  assert.equal(await auditReceipt(ctx, { proof, content, within: 60 }, trust), 'backdated');
});
