import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure, isFailure, type Json } from '../../storage/index.ts';
import { anchorOf, openFile } from '../../union/index.ts';
import { beginTransaction, messageFile, receiptFile, respondTransaction, send, transactionFile } from '../index.ts';
import { type TestNode, testNet, until } from '../testing.ts';
import { verifyReceiptFile, verifyTransactionFile } from './verify.ts';

const now = () => new Date().toISOString();
const refused = (error: unknown) => error instanceof Failure;

/** Two nodes between which a query was asked and answered beside other messages, with both ledgers' proofs there. */
async function answered(t: TestContext) {
  const net = await testNet(t, ['kz', 'ru']);
  const [kz, ru] = [net.node('kz'), net.node('ru')];
  const resolve = () => ({ operation: 'ask', pattern: 'queryResponse' as const });
  await ru.start({
    transactions: {
      operations: { ask: { onRequest: (tx, { id }) => respondTransaction(tx, ru.ctx, id, { months: 12 }) } },
      resolve,
    },
  });
  const { id, other } = await kz.db.transaction(async (tx) => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++)
      ids.push(await send(tx, kz.ctx, { to: 'ru', type: 'note', lane: `case-${n}`, body: { n } }));
    const transaction = await beginTransaction(tx, kz.ctx, {
      code: 'P.01',
      pattern: 'queryResponse',
      operation: 'ask',
      agreement: 'pension',
      contract: 'c'.repeat(64),
      to: 'ru',
      fromAgency: 'kz.portal',
      toAgency: 'ru.pension-fund',
      application: 'app-1',
      lane: 'app-1',
      body: { who: 'KZ-T-000123' },
      timers: { acknowledge: 'PT1H' },
      retries: 0,
    });
    return { id: transaction, other: ids[2] as string };
  });
  await kz.start({ transactions: { operations: { ask: {} }, resolve } });
  const hasProofs = async (node: TestNode) => {
    const rows = await node.db.query<{ n: number }>(
      `select (select count(*)::int from exchange_sent where peer_proof is null)
         + (select count(*)::int from exchange_received where peer_proof is null) as n,
         (select count(*)::int from exchange_received) as received`,
    );
    return rows[0]?.n === 0 && (rows[0] as unknown as { received: number }).received > 0;
  };
  await until('all proofs are there', async () => (await hasProofs(kz)) && (await hasProofs(ru)), 30_000);
  const anchor = anchorOf(net.union.charter.payload);
  const open = (bytes: Buffer) => openFile(bytes, [anchor], now());
  return { net, kz, ru, id, other, open };
}

test('evidence', async (t) => {
  const found = await answered(t);

  await t.test('of a transaction opens under the anchor alone and proves both messages on both sides', async () => {
    const { kz, ru, id, other, open } = found;
    for (const node of [kz, ru]) {
      const opened = open(await transactionFile(node.ctx, id));
      assert.equal(opened.kind, 'transaction');
      const { messages } = await verifyTransactionFile(opened.content, opened.trust);
      assert.deepEqual(
        messages.map(({ head }) => [head.type, head.from]),
        [
          ['transaction/request', 'kz'],
          ['transaction/response', 'ru'],
        ],
      );
      for (const { ledger } of messages) {
        assert.equal(typeof ledger.sent?.index, 'number');
        assert.equal(typeof ledger.received?.index, 'number');
        assert.equal(ledger.sent?.quorum, false, 'nobody witnessed in this test, and the file says so');
      }
    }
    const single = open(await messageFile(kz.ctx, other));
    assert.equal((await verifyTransactionFile(single.content, single.trust)).messages.length, 1);
    const receipt = open(await receiptFile(kz.ctx, other));
    assert.equal(receipt.kind, 'receipt');
    assert.equal((await verifyReceiptFile(receipt.content, receipt.trust)).receipt.message, other);
    assert.ok(!JSON.stringify(receipt.content).includes('"n":2'), 'a receipt file does not hold the body');
  });

  await t.test('is refused with any one value changed, any member added or taken away', async () => {
    const { kz, id, open } = found;
    const { content, trust } = open(await transactionFile(kz.ctx, id));
    await verifyTransactionFile(content, trust);
    let tried = 0;
    for (const [name, changed] of variants(content)) {
      tried++;
      const outcome = await verifyTransactionFile(changed, trust).then(
        () => 'accepted',
        (error: unknown) => (error instanceof Failure ? 'refused' : String(error)),
      );
      // A proof may be missing, never be false; and each message proves itself. (The file's seal covers both cases.)
      const isLess = /ledger\.(sent|received) = null$|^messages\.\d without$/.test(name);
      assert.equal(outcome, isLess ? 'accepted' : 'refused', name);
    }
    assert.ok(tried > 150, `${tried} variants`);
  });

  await t.test('is refused when parts of two messages are exchanged, doubled or put in another order', async () => {
    const { kz, id, other, open } = found;
    const { content, trust } = open(await transactionFile(kz.ctx, id));
    const { content: otherContent } = open(await messageFile(kz.ctx, other));
    type Messages = { messages: Record<string, Json>[] };
    const [request, response] = (content as unknown as Messages).messages;
    const [note] = (otherContent as unknown as Messages).messages;
    assert.ok(request && response && note);
    const refuses = (...messages: Record<string, Json>[]) =>
      assert.rejects(verifyTransactionFile({ messages }, trust), refused);
    await refuses();
    await refuses(request, request);
    await refuses(request, note);
    for (const part of ['receipt', 'batch', 'ledger', 'salt', 'body', 'bodyDigest', 'head']) {
      await refuses({ ...request, [part]: note[part] as Json });
      await refuses({ ...request, [part]: response[part] as Json });
    }
    await refuses({
      ...request,
      ledger: { sent: (request.ledger as Record<string, Json>).received as Json, received: null },
    });
  });

  await t.test('does not pass from one kind of file to the other', async () => {
    const { kz, other, open } = found;
    const whole = open(await messageFile(kz.ctx, other));
    const receipt = open(await receiptFile(kz.ctx, other));
    await assert.rejects(verifyReceiptFile(whole.content, whole.trust), refused);
    await assert.rejects(verifyTransactionFile(receipt.content, receipt.trust), refused);
    const { messages } = whole.content as { messages: Json[] };
    await assert.rejects(verifyReceiptFile({ message: messages[0] as Json }, whole.trust), refused);
  });

  await t.test('comes with ledger proofs that a node gives to the parties of a message only', async () => {
    const { kz, ru, other } = found;
    const asked = (node: TestNode, peer: string) =>
      node.exchange().ask(peer, { method: 'GET', path: `/exchange/proof/${other}` });
    const { proofs } = JSON.parse((await asked(kz, 'ru')).body.toString()) as { proofs: Record<string, Json> };
    assert.ok(proofs[other]);
    // As if another state had sent it: then kz is no party of it.
    await ru.db.query(`update exchange_received set sender = 'am'`);
    await pause(10);
    const second = JSON.parse((await asked(kz, 'ru')).body.toString()) as { proofs: Record<string, Json> };
    assert.deepEqual(second.proofs, {});
    const malformed = await kz.exchange().ask('ru', { method: 'GET', path: "/exchange/proof/x'or'1" });
    assert.equal(malformed.status, 404);
  });
});

test('evidence is not to be had of a message that is unknown, not received yet, or erased', async (t) => {
  const net = await testNet(t, ['kz', 'ru'], { withStore: ['kz'] });
  const kz = net.node('kz');
  const id = await kz.db.transaction((tx) => send(tx, kz.ctx, { to: 'kz', type: 'note', lane: 'case-1', body: 1 }));
  const isUnknown = (error: unknown) => isFailure(error, 'EXCHANGE_MESSAGE_UNKNOWN');
  await assert.rejects(messageFile(kz.ctx, id), isUnknown);
  await assert.rejects(messageFile(kz.ctx, '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d'), isUnknown);
  await kz.start();
  await until('it is handled', () => kz.handled.length === 1);
  await until(
    'it is receipted',
    async () => (await kz.db.query(`select 1 from exchange_sent where status = 'delivered'`)).length === 1,
  );
  const opened = openFile(await messageFile(kz.ctx, id), [anchorOf(net.union.charter.payload)], now());
  await verifyTransactionFile(opened.content, opened.trust);
  await kz.db.query('update exchange_sent set body = null, salt = null');
  await assert.rejects(messageFile(kz.ctx, id), (error: unknown) => isFailure(error, 'EXCHANGE_MESSAGE_ERASED'));
  await assert.rejects(transactionFile(kz.ctx, id), (error: unknown) =>
    isFailure(error, 'EXCHANGE_TRANSACTION_UNKNOWN'),
  );
});

/** Every way to change one value of a JSON document, to take one member away or to add one. */
function* variants(value: Json): Generator<[string, Json]> {
  for (const [path, parent, key] of places(value, [])) {
    const original = (parent as Record<string, Json>)[key] as Json;
    yield [`${path} without`, without(value, path)];
    const replacements: Json[] =
      typeof original === 'string'
        ? [`${original}0`, flip(original)]
        : typeof original === 'number'
          ? [original + 1]
          : [null];
    for (const replacement of replacements)
      yield [`${path} = ${JSON.stringify(replacement)}`, replaced(value, path, replacement)];
    if (typeof original === 'object' && original !== null && !Array.isArray(original)) {
      yield [`${path} with more`, replaced(value, path, { ...original, zz: 1 })];
    }
  }
}

function* places(value: Json, path: string[]): Generator<[string, Json, string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    yield [[...path, key].join('.'), value, key];
    yield* places(part as Json, [...path, key]);
  }
}

const flip = (text: string): string => {
  const at = Math.floor(text.length / 2);
  return text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
};

function replaced(value: Json, path: string, replacement: Json): Json {
  const copy = structuredClone(value);
  const { parent, key } = find(copy, path);
  parent[key] = replacement;
  return copy;
}

function without(value: Json, path: string): Json {
  const copy = structuredClone(value);
  const { parent, key } = find(copy, path);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return copy;
}

/** Member names of the evidence have no dots in them, so a dotted path is one way only. */
function find(value: Json, path: string): { parent: Record<string, Json>; key: string } {
  const keys = path.split('.');
  const key = keys.pop() as string;
  const parent = keys.reduce((part, name) => (part as Record<string, Json>)[name] as Json, value);
  return { parent: parent as Record<string, Json>, key };
}
