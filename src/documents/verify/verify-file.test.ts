import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessContent } from '../../persons/index.ts';
import type { Evidence } from '../../registers/index.ts';
import type { Instant, Json } from '../../storage/index.ts';
import { anchorOf, type FileKind, sealFile } from '../../union/index.ts';
import { documentFile } from '../files/document-file.ts';
import { evidenceFile } from '../files/relayed-files.ts';
import { issueDocument } from '../issue.ts';
import { revokeDocument } from '../revoke.ts';
import { getRow } from '../rows.ts';
import {
  accessProof,
  decision,
  decisionFile,
  evidence as evidenceOf,
  exchanged,
  issued,
  schema,
} from '../sample-files.testing.ts';
import { request, START, type TestNode, testNode, testUnion, witness } from '../testing.ts';
import type { DocumentContent } from '../types.ts';
import { verifyFile } from './verify-file.ts';

const founded = testUnion();
const evidence = (changes: Partial<Evidence> = {}) => evidenceOf(founded, changes);

const anchors = [anchorOf(founded.charter.payload)];
const judge = (bytes: Uint8Array, now: Instant = START, more: { maxStatusAge?: number; strictTime?: boolean } = {}) =>
  verifyFile(bytes, { anchors, now, ...more });

async function says(bytes: Uint8Array, verdict: string, code: string, now: Instant = START, more = {}): Promise<void> {
  const found = await judge(bytes, now, more);
  assert.deepEqual([found.verdict, found.code], [verdict, code], JSON.stringify(found.params));
}

/** The same content, changed, and sealed again by a true node: what a malicious node of the union could send. */
function resealed(ctx: TestNode, file: Buffer, change: (content: never) => void, kind?: FileKind): Buffer {
  const opened = JSON.parse(file.toString()) as { kind: FileKind; content: Json };
  change(opened.content as never);
  return sealFile({ trust: ctx.trust, key: ctx.seal, clock: ctx.clock }, kind ?? opened.kind, opened.content);
}

test('a document file', async (suite) => {
  const whole = await issued(suite, founded);

  await suite.test('is valid as of its status list, and says what people want to know', async () => {
    const { file } = whole;
    const verdict = await judge(file);
    assert.deepEqual([verdict.verdict, verdict.kind, verdict.asOf], ['valid', 'document', START]);
    const facts = Object.fromEntries(verdict.facts.map(({ name, value }) => [name, value]));
    assert.equal(facts['claim.months'], '143');
    assert.equal(facts.agency, 'kz.pension-fund');
    assert.equal(facts.witnesses, '2');
    assert.equal(facts.validUntil, '2036-11-22T10:00:00.000Z');
  });

  await suite.test('is not made before enough states have witnessed the document', async (t) => {
    const ctx = await testNode(t, founded);
    const { id } = await ctx.db.transaction((tx) => issueDocument(tx, ctx, request()));
    await assert.rejects(documentFile(ctx, id), { code: 'DOCUMENTS_NOT_PROVEN' });
    await assert.rejects(documentFile(ctx, '00000000-0000-4000-8000-000000000000'), { code: 'DOCUMENTS_UNKNOWN' });
  });

  await suite.test('says that it is revoked, once it is', async (t) => {
    const { ctx, id } = await issued(t, founded);
    await ctx.db.transaction((tx) => revokeDocument(tx, ctx, { document: id, actor: 'officer-1', reason: 'annulled' }));
    await says(await documentFile(ctx, id), 'revoked', 'DOCUMENTS_REVOKED');
  });

  await suite.test(
    'is stale when its status is older than the verifier accepts, or than the list itself says',
    async () => {
      const { file } = whole;
      await says(file, 'valid', 'VALID', '2026-11-28T10:00:00.000Z');
      await says(file, 'stale', 'DOCUMENTS_STATUS_OLD', '2026-11-23T10:00:00.000Z', { maxStatusAge: 3600 });
      await says(file, 'stale', 'DOCUMENTS_STATUS_OLD', '2026-11-30T10:00:00.000Z');
    },
  );

  await suite.test('is over when its time is over', async (t) => {
    const { ctx, id } = await issued(t, founded);
    ctx.clock.set('2036-11-23T10:00:00.000Z');
    await says(await documentFile(ctx, id), 'invalid', 'DOCUMENTS_EXPIRED', '2036-11-23T10:00:00.000Z');
  });

  await suite.test(
    'of a demonstration is judged as of its sealing, unless the verifier wants it otherwise',
    async (t) => {
      const demo = testUnion('demo', true);
      const { file } = await issued(t, demo);
      const own = { anchors: [anchorOf(demo.charter.payload)] };
      const much = '2031-01-01T00:00:00.000Z';
      assert.equal((await verifyFile(file, { ...own, now: much })).verdict, 'valid');
      assert.equal((await verifyFile(file, { ...own, now: much, strictTime: true })).verdict, 'stale');
    },
  );

  await suite.test('is refused from the future', async () => {
    const { file } = whole;
    await says(file, 'invalid', 'DOCUMENTS_FILE_FUTURE', '2026-11-22T09:00:00.000Z');
  });

  await suite.test('is refused when a node of the union put together what does not belong together', async (t) => {
    const { ctx, id, file } = whole;
    const other = await ctx.db.transaction((tx) =>
      issueDocument(tx, ctx, request({ key: 'case-2', claims: { months: 1 } })),
    );
    await witness(t, ctx, founded, (await getRow(ctx.db, other.id)).leafId);
    const second = JSON.parse((await documentFile(ctx, other.id)).toString()).content as DocumentContent;
    const swaps: [string, string, (content: DocumentContent) => void][] = [
      [
        'another credential',
        'DOCUMENTS_FILE_PARTS',
        (content) => void Object.assign(content, { credential: second.credential }),
      ],
      ['another paper code', 'DOCUMENTS_FILE_PARTS', (content) => void Object.assign(content, { paper: second.paper })],
      ['another leaf', 'DOCUMENTS_FILE_PARTS', (content) => void Object.assign(content, { leaf: second.leaf })],
      ['another proof', 'LEDGER_PROOF_CONTENT', (content) => void Object.assign(content, { proof: second.proof })],
      ['another number', 'DOCUMENTS_FILE_PARTS', (content) => void Object.assign(content, { id: other.id })],
      [
        'another issuer',
        'DOCUMENTS_FILE_PARTS',
        (content) => void Object.assign(content.issuer, { agency: 'aa.pension-fund' }),
      ],
      ['no status', 'DOCUMENTS_TOKEN_FORM', (content) => void Object.assign(content, { status: '' })],
      [
        'the credential as status',
        'DOCUMENTS_TOKEN_TYPE',
        (content) => void Object.assign(content, { status: content.credential.split('~')[0] }),
      ],
      ['one member more', 'DOCUMENTS_FILE_FORM', (content) => void Object.assign(content, { note: 'x' })],
      ['one member less', 'DOCUMENTS_FILE_FORM', (content) => void delete (content as Partial<DocumentContent>).paper],
      [
        'a claim that nobody signed',
        'DOCUMENTS_DISCLOSURE_UNREFERENCED',
        (content) => {
          content.credential += `${Buffer.from('["0123456789012345678901","months",999]').toString('base64url')}~`;
        },
      ],
      [
        'a proof with a foreign path',
        'LEDGER_PROOF_PATH',
        (content) => void Object.assign(content.proof, { path: [Buffer.alloc(32).toString('base64')] }),
      ],
      ['a proof of no form', 'LEDGER_PROOF_FORM', (content) => void Object.assign(content.proof, { path: 7 })],
    ];
    for (const [what, code, change] of swaps) {
      const found = await judge(resealed(ctx, file, change as never));
      assert.deepEqual([found.verdict, found.code], ['invalid', code], what);
    }
    assert.equal((await judge(resealed(ctx, file, () => undefined))).verdict, 'valid');
    assert.notEqual(id, other.id);
  });

  await suite.test('is refused when another state sealed it, and stale when witnesses are missing', async (t) => {
    const { ctx, file } = whole;
    const foreign = await testNode(t, founded, 'aa');
    await says(
      resealed(foreign, file, () => undefined),
      'invalid',
      'DOCUMENTS_FILE_SEALER',
    );
    const alone = resealed(ctx, file, ((content: DocumentContent) => {
      const [text, lines = ''] = content.proof.checkpoint.split('\n\n');
      content.proof.checkpoint = `${text}\n\n${lines.split('\n')[0]}\n`;
    }) as never);
    await says(alone, 'stale', 'LEDGER_PROOF_WITNESSES');
  });
});

test('an evidence file', async (suite) => {
  const ctx = await testNode(suite, founded);

  await suite.test('is valid whoever relays it', async () => {
    const verdict = await judge(evidenceFile(ctx, evidence(), schema));
    assert.deepEqual([verdict.verdict, verdict.kind], ['valid', 'evidence']);
    assert.ok(verdict.facts.some(({ name, value }) => name === 'fact.periods' && value === '[{"months":12}]'));
  });

  await suite.test('is stale after its time, and refused before it', async () => {
    const file = evidenceFile(ctx, evidence(), schema);
    await says(file, 'stale', 'REGISTERS_EVIDENCE_EXPIRED', '2026-12-23T00:00:00.000Z');
    const early = evidenceFile(ctx, evidence({ issuedAt: '2026-11-22T12:00:00.000Z' }), schema);
    await says(early, 'invalid', 'DOCUMENTS_NOT_YET_VALID');
  });

  await suite.test(
    'is refused when its relay altered it, under another schema, or with facts that do not fit',
    async () => {
      const sealed = evidence();
      const altered = { ...sealed, payload: { ...sealed.payload, facts: { periods: [{ months: 120 }] } } };
      await says(evidenceFile(ctx, altered, schema), 'invalid', 'REGISTERS_EVIDENCE_FORGED');
      await says(evidenceFile(ctx, sealed, { type: 'object' }), 'invalid', 'DOCUMENTS_FILE_PARTS');
      const unfit = evidence({ facts: { periods: [{ months: 'many' }] } });
      await says(evidenceFile(ctx, unfit, schema), 'invalid', 'DOCUMENTS_EVIDENCE_SCHEMA');
      const other = evidence({ issuer: { state: 'bb', agency: 'bb.pension-fund' } });
      await says(evidenceFile(ctx, other, schema), 'invalid', 'REGISTERS_EVIDENCE_FORGED');
      for (const content of [{}, [], 'x', null, { evidence: {}, schema: {} }, { evidence: 7, schema: {} }] as Json[]) {
        const file = sealFile({ trust: ctx.trust, key: ctx.seal, clock: ctx.clock }, 'evidence', content);
        assert.equal((await judge(file)).verdict, 'invalid');
      }
    },
  );

  await suite.test('may say that there is nothing', async () => {
    await says(evidenceFile(ctx, evidence({ result: 'none', facts: null }), schema), 'valid', 'VALID');
  });
});

test('a decision file', async (suite) => {
  const ctx = await testNode(suite, founded);
  const sealed = (changes: Record<string, Json> = {}) => decisionFile(ctx, decision(founded, changes));

  await suite.test('is valid under the signature of the deciding agency', async () => {
    const verdict = await judge(sealed());
    assert.deepEqual([verdict.verdict, verdict.kind, verdict.asOf], ['valid', 'decision', START]);
  });

  await suite.test('is refused when it was altered, names another agency, or comes from the future', async () => {
    const whole = decision(founded);
    const altered = { ...whole, payload: { ...(whole.payload as object), outcome: 'granted' } };
    await says(decisionFile(ctx, altered), 'invalid', 'CRYPTO_SEALED_SIGNATURE');
    await says(sealed({ agency: 'aa.pension-fund' }), 'invalid', 'UNION_AGENCY_UNKNOWN');
    await says(sealed({ state: 'aa', agency: 'aa.pension-fund' }), 'invalid', 'UNION_KEY_UNKNOWN');
    await says(sealed({ decidedAt: '2026-11-22T12:00:00.000Z' }), 'invalid', 'DOCUMENTS_NOT_YET_VALID');
    await says(sealed({ outcome: 7 }), 'invalid', 'DOCUMENTS_FILE_FORM');
    await says(decisionFile(ctx, { ...whole, signatures: [] }), 'invalid', 'DOCUMENTS_FILE_FORM');
  });
});

test('a proof file', async (suite) => {
  const { ctx, file } = await accessProof(suite, founded);

  await suite.test('is valid and tells how many states saw it', async () => {
    const verdict = await judge(file);
    assert.deepEqual([verdict.verdict, verdict.kind], ['valid', 'proof']);
    assert.ok(verdict.facts.some(({ name, value }) => name === 'witnesses' && value === '2'));
  });

  await suite.test('is refused for another entry, another state or another kind of leaf', async () => {
    const change = (what: (content: { entry: AccessContent; proof: { leaf: { kind: string } } }) => void) =>
      resealed(ctx, file, what as never);
    await says(
      change(({ entry }) => void Object.assign(entry, { purpose: 'other' })),
      'invalid',
      'LEDGER_PROOF_CONTENT',
    );
    await says(
      change(({ entry }) => void Object.assign(entry, { state: 'aa' })),
      'invalid',
      'LEDGER_PROOF_ORIGIN',
    );
    await says(
      change(({ entry }) => void Object.assign(entry, { state: 'zz' })),
      'invalid',
      'DOCUMENTS_FILE_FORM',
    );
    await says(
      change(({ proof }) => void Object.assign(proof.leaf, { kind: 'document' })),
      'invalid',
      'LEDGER_PROOF_CONTENT',
    );
  });
});

test('the files of a message', async (suite) => {
  const { ctx, transaction, receipt } = await exchanged(suite, founded);

  await suite.test('are valid, and say who sent what to whom and when it came', async () => {
    const verdict = await judge(transaction);
    assert.deepEqual([verdict.verdict, verdict.kind], ['valid', 'transaction']);
    assert.deepEqual((await judge(receipt)).kind, 'receipt');
    const facts = Object.fromEntries(verdict.facts.map(({ name, value }) => [name, value]));
    assert.deepEqual([facts.from, facts.to, facts.messageType], ['KZ', 'KZ', 'note']);
  });

  await suite.test('are refused when the body, the head or the receipt is another', async () => {
    type Content = { messages: { body: Json; head: { lane: string }; receipt: { answer: { receivedAt: string } } }[] };
    const changed = (change: (message: Content['messages'][number]) => void) =>
      judge(resealed(ctx, transaction, ((content: Content) => content.messages.forEach(change)) as never));
    for (const change of [
      (message: Content['messages'][number]) => void Object.assign(message, { body: { months: 144 } }),
      (message: Content['messages'][number]) => void Object.assign(message.head, { lane: 'app-2' }),
      (message: Content['messages'][number]) =>
        void Object.assign(message.receipt.answer, { receivedAt: '2026-11-22T10:00:01.000Z' }),
    ]) {
      const found = await changed(change);
      assert.deepEqual([found.verdict, found.code], ['invalid', 'EXCHANGE_FILE']);
    }
    const empty = resealed(ctx, transaction, ((content: Content) => content.messages.splice(0)) as never);
    await says(empty, 'invalid', 'EXCHANGE_FILE');
  });
});

test('any file', async (suite) => {
  const ctx = await testNode(suite, founded);

  await suite.test('is not usable without an anchor, or when it is something else', async () => {
    const file = evidenceFile(ctx, evidence(), schema);
    const without = await verifyFile(file, { anchors: [], now: START });
    assert.deepEqual([without.verdict, without.code], ['not-usable', 'UNION_ANCHOR_MISSING']);
    for (const text of ['', 'hello', '{}', '[]', 'null', '{"kind":"document"}', '\u0000', 'CW1:BB8']) {
      await says(Buffer.from(text), 'not-usable', 'UNION_FILE_FORM');
    }
    await says(Buffer.from('%PDF-1.7\n1 0 obj'), 'not-usable', 'DOCUMENTS_FILE_PAGE');
  });

  await suite.test('of a wholly consistent union that is not ours is refused', async (t) => {
    const invented = testUnion();
    const { file, ctx } = await issued(t, invented);
    assert.equal((await verifyFile(file, { anchors: ctx.anchors, now: START })).verdict, 'valid');
    await says(file, 'invalid', 'UNION_ANCHOR_MISMATCH');
  });

  await suite.test('of a kind that is not known here is refused', async () => {
    const file = sealFile({ trust: ctx.trust, key: ctx.seal, clock: ctx.clock }, 'bundle', {});
    await says(file, 'invalid', 'DOCUMENTS_FILE_KIND');
  });
});
