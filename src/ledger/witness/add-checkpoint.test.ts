import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { generateKey, type PublicKey, sha256, toBase64Url } from '../../crypto/index.ts';
import { freshDb, manualClock } from '../../storage/testing.ts';
import type { LedgerContext } from '../context.ts';
import { migrations } from '../index.ts';
import { integrate } from '../log/integrate.ts';
import { checkpoint, consistencyProof } from '../log/read.ts';
import { signCheckpoint } from '../log/sign-checkpoint.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import { formatNote, parseNote, parseSignatureLines, verifyCosignatures, verifyLogSignature } from '../proof/index.ts';
import { freshLedger, log, ORIGIN } from '../testing-ledger.ts';
import { EMPTY_ROOT } from '../tree/hash.ts';
import { addCheckpoint, type WitnessContext } from './add-checkpoint.ts';
import { formatRequest } from './request.ts';
import { listForks, readWitnessPath } from './serve.ts';

async function freshWitness(t: TestContext, name = 'commonway/test/kg'): Promise<WitnessContext> {
  const db = await freshDb(t, [migrations]);
  return { db, clock: manualClock('2026-11-22T20:00:00.900Z'), witness: { name, key: generateKey() } };
}

const known = (ctx: LedgerContext) => (origin: string) => (origin === ctx.ledger.origin ? [ctx.ledger.key.public] : []);

async function grow(ctx: LedgerContext, count: number): Promise<string> {
  await log(ctx, count);
  await integrate(ctx);
  return checkpoint(ctx);
}

async function request(ctx: LedgerContext, first: number, second: number, note: string): Promise<string> {
  return formatRequest(first, (await consistencyProof(ctx, first, second)).path, note);
}

test('a witness cosigns a log that only grows, and shows its last cosigned checkpoint to anybody', async (t) => {
  const [kz, witness] = [await freshLedger(t), await freshWitness(t)];
  const path = `${sha256(ORIGIN).toString('hex')}/checkpoint`;
  assert.equal((await readWitnessPath(witness, path)).status, 404);
  let [size, note] = [5, await grow(kz, 5)];
  let answer = await addCheckpoint(witness, formatRequest(0, [], note), known(kz));
  for (const count of [1, 2, 300, 0]) {
    assert.equal(answer.status, 200, answer.body);
    const signatures = parseSignatureLines(answer.body);
    assert.equal(signatures.length, 1);
    const cosigned = { text: parseNote(note).text, signatures };
    const time = await verifyCosignatures(nodeProofCrypto, cosigned, witness.witness.key.public);
    assert.equal(time, Date.parse('2026-11-22T20:00:00Z') / 1000);
    const shown = await readWitnessPath(witness, path);
    assert.equal(shown.body.toString(), note + answer.body);
    note = await grow(kz, count);
    const body = await request(kz, size, size + count, note);
    size += count;
    answer = await addCheckpoint(witness, body, known(kz));
  }
  // The same checkpoint again is cosigned again, with a newer time.
  assert.equal(answer.status, 200);
  assert.equal((await readWitnessPath(witness, '00/checkpoint')).status, 404);
});

test('each wrong request has the status of the standard, and moves nothing', async (t) => {
  const [kz, witness] = [await freshLedger(t), await freshWitness(t)];
  const ask = async (body: string) => {
    const { status, body: text, type } = await addCheckpoint(witness, body, known(kz));
    return status === 409 ? `${status} ${text.trim()} ${type}` : String(status);
  };
  const small = await grow(kz, 4);
  assert.equal(await ask(formatRequest(0, [], small)), '200');
  const large = await grow(kz, 5);
  const { path } = await consistencyProof(kz, 4, 9);

  // 400: malformed
  for (const body of [
    '',
    'x',
    large,
    `old 04\n\n${large}`,
    `old -1\n\n${large}`,
    `old 4\nAAAA\n\n${large}`,
    'old 4\n\n',
  ]) {
    assert.equal(await ask(body), '400', JSON.stringify(body));
  }
  assert.equal(await ask(formatRequest(4, Array(64).fill(path[0]), large)), '400');
  assert.equal(await ask(formatRequest(10, path, large)), '400');
  // 404: another log
  const other = signCheckpoint({ origin: 'commonway/test/ru', size: 9, root: EMPTY_ROOT }, kz.ledger.key);
  assert.equal(await ask(formatRequest(0, [], other)), '404');
  // 403: not signed by the log's key, or signed wrongly under its name
  const text = parseNote(large).text;
  const forged = signCheckpoint({ origin: ORIGIN, size: 9, root: EMPTY_ROOT }, generateKey());
  assert.equal(await ask(formatRequest(4, path, forged)), '403');
  const borrowed = small.slice(small.indexOf('\n\n') + 2);
  assert.equal(await ask(formatRequest(4, path, formatNote(text, [borrowed]))), '403');
  assert.equal(await ask(formatRequest(4, path, large + borrowed)), '403');
  // 409: another size is held here
  assert.equal(await ask(formatRequest(0, [], large)), '409 4 text/x.tlog.size');
  assert.equal(await ask(formatRequest(5, path, large)), '409 4 text/x.tlog.size');
  // 422: does not follow
  assert.equal(await ask(formatRequest(4, path.slice(1), large)), '422');
  assert.equal(await ask(formatRequest(4, [...path, path[0] as string], large)), '422');
  assert.equal(await ask(formatRequest(4, [], large)), '422');
  const invented = signCheckpoint({ origin: ORIGIN, size: 9, root: sha256('other') }, kz.ledger.key);
  assert.equal(await ask(formatRequest(4, path, invented)), '422');

  assert.deepEqual(await listForks(witness), []);
  assert.equal(await ask(formatRequest(4, path, large)), '200');
  assert.equal(await ask(formatRequest(9, [path[0] as string], large)), '422');
});

test('the first checkpoint needs no proof, and an empty tree has the empty root', async (t) => {
  const [kz, witness] = [await freshLedger(t), await freshWitness(t)];
  const { key } = kz.ledger;
  const ask = async (old: number, path: string[], note: string) =>
    (await addCheckpoint(witness, formatRequest(old, path, note), known(kz))).status;
  const hash = EMPTY_ROOT.toString('base64');
  assert.equal(await ask(0, [hash], signCheckpoint({ origin: ORIGIN, size: 3, root: sha256('x') }, key)), 422);
  assert.equal(await ask(0, [], signCheckpoint({ origin: ORIGIN, size: 0, root: sha256('x') }, key)), 422);
  assert.equal(await ask(0, [], signCheckpoint({ origin: ORIGIN, size: 0, root: EMPTY_ROOT }, key)), 200);
  assert.equal(await ask(0, [], signCheckpoint({ origin: ORIGIN, size: 3, root: sha256('x') }, key)), 200);
});

test('a fork of one size is refused, kept as a pair that anybody can check, and raised as an alarm', async (t) => {
  const [kz, witness] = [await freshLedger(t), await freshWitness(t)];
  const honest = await grow(kz, 6);
  await addCheckpoint(witness, formatRequest(0, [], honest), known(kz));
  const lie = signCheckpoint({ origin: ORIGIN, size: 6, root: sha256('another history') }, kz.ledger.key);
  const direct = await addCheckpoint(witness, formatRequest(6, [], lie), known(kz));
  assert.deepEqual([direct.status, direct.fork], [422, true]);
  // A liar that feigns not to know the size shows the fork all the same.
  const feigned = await addCheckpoint(witness, formatRequest(0, [], lie), known(kz));
  assert.deepEqual([feigned.status, feigned.body, feigned.fork], [409, '6\n', true]);
  const [fork, ...more] = await listForks(witness);
  assert.equal(more.length, 0);
  assert.ok(fork);
  for (const note of [fork.known, fork.other]) {
    assert.ok(await verifyLogSignature(nodeProofCrypto, parseNote(note), ORIGIN, [kz.ledger.key.public]));
  }
  assert.notEqual(parseNote(fork.known).text, parseNote(fork.other).text);
  // What was cosigned stays what it was.
  const next = await grow(kz, 1);
  assert.equal((await addCheckpoint(witness, await request(kz, 6, 7, next), known(kz))).status, 200);
});

test('a fork that grew on is refused: there is no proof from the history that was seen', async (t) => {
  const [kz, liar, witness] = [await freshLedger(t), await freshLedger(t), await freshWitness(t)];
  await addCheckpoint(witness, formatRequest(0, [], await grow(kz, 6)), known(kz));
  const twin = { ...liar, ledger: kz.ledger };
  await grow(twin, 6);
  const note = await grow(twin, 3);
  assert.equal((await addCheckpoint(witness, await request(twin, 6, 9, note), known(kz))).status, 422);
});

test('a log that went back is told what was seen, never cosigned', async (t) => {
  const [kz, witness] = [await freshLedger(t), await freshWitness(t)];
  const early = await grow(kz, 3);
  const late = await grow(kz, 4);
  assert.equal((await addCheckpoint(witness, formatRequest(0, [], late), known(kz))).status, 200);
  for (const body of [formatRequest(0, [], early), formatRequest(3, [], early)]) {
    const answer = await addCheckpoint(witness, body, known(kz));
    assert.deepEqual([answer.status, answer.body], [409, '7\n']);
  }
});

test('of many requests at once, a witness follows one history: sizes never go back', async (t) => {
  const [kz, witness] = [await freshLedger(t), await freshWitness(t)];
  const notes: string[] = [];
  for (let size = 1; size <= 6; size++) notes.push(await grow(kz, 1));
  const bodies = notes.map((note) => formatRequest(0, [], note));
  const answers = await Promise.all(bodies.map((body) => addCheckpoint(witness, body, known(kz))));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  const held = answers.find(({ status }) => status === 409)?.body.trim();
  const winner = answers.findIndex(({ status }) => status === 200) + 1;
  assert.equal(held, String(winner));
});

test('a witness answers as the reference witness does to the published requests of a Sigsum log', async (t) => {
  const witness = await freshWitness(t, 'example.com/witness');
  const jwk = {
    crv: 'Ed25519',
    kty: 'OKP',
    x: toBase64Url(Buffer.from('ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f', 'hex')),
  } as const;
  const key: PublicKey = { suite: 'ed25519', id: toBase64Url(sha256(JSON.stringify(jwk))), jwk };
  const origin = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562';
  const ask = async (body: string) =>
    (await addCheckpoint(witness, body, (name) => (name === origin ? [key] : []))).status;
  const first = `${origin}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— ${origin} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=\n`;
  const third = `${origin}\n3\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=\n\n— ${origin} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=\n`;
  const path = ['KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='];
  assert.equal(await ask(formatRequest(0, [], first)), 200);
  // The reference decodes this text of a signature leniently and says 403; we take one text per signature.
  assert.equal(await ask(formatRequest(1, path, third.replace('6go=', '6gx='))), 400);
  assert.equal(await ask(formatRequest(1, path, third.replace('6go=', '6gs='))), 403);
  assert.equal(await ask(formatRequest(1, path, third.replace('rx6go=', 'rx7go='))), 403);
  assert.equal(await ask(formatRequest(1, path, third.replaceAll('e562', 'e563'))), 404);
  assert.equal(await ask(formatRequest(1, [], third)), 422);
  assert.equal(await ask(formatRequest(1, [path[0] as string, EMPTY_ROOT.toString('base64')], third)), 422);
  assert.equal(await ask(formatRequest(1, path, third)), 200);
  assert.equal(await ask(formatRequest(1, path, third)), 409);
});
