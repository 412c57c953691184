import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { getAgreement } from '../agreements/index.ts';
import { NOW } from '../applications/testing.ts';
import { digestHex, randomId, seal } from '../crypto/index.ts';
import { until } from '../exchange/testing.ts';
import { scanJob } from '../files/index.ts';
import { isFailure, type Json, startJobs } from '../storage/index.ts';
import type { ClaimBody } from './claim-form.ts';
import { openAttachment, openCaseFile } from './index.ts';
import { officer, type TestClaim, testDecider } from './testing.ts';

const invoice = Buffer.from('%PDF-1.7\ninvoice\n%%EOF\n');
const licence = Buffer.from('%PDF-1.7\nlicence\n%%EOF\n');
const named = (name: string, bytes: Buffer) => ({
  name,
  kind: 'pdf',
  size: bytes.length,
  digest: digestHex(bytes),
});
const carried = (...files: Buffer[]) =>
  files.map((bytes) => ({ digest: digestHex(bytes), bytes: bytes.toString('base64') }));

/** Kyrgyzstan decides on goods that somebody of Kazakhstan brings in, with an invoice for both and a licence for Kyrgyzstan. */
async function customs(t: TestContext) {
  const agreement = await getAgreement(`${process.env.COMMONWAY_ROOT}/src/agreements/fixtures/wide`);
  const decider = await testDecider(t, 'kg', agreement);
  const keys = decider.founded.keys.kz;
  assert.ok(keys !== undefined);
  const claim = (files: ClaimBody['files'], answers: { [field: string]: Json } = {}): TestClaim => {
    const id = randomId();
    const payload = {
      id,
      reference: 'hers',
      home: 'kz',
      agreement: agreement.name,
      contract: agreement.contractDigest,
      service: 'import',
      answers: {
        offices: ['kz', 'kg'],
        express: false,
        goods: [{ what: 'Wool', value: 600, origin: 'kz', licence: named('l.pdf', licence) }],
        invoice: named('invoice.pdf', invoice),
        ...answers,
      },
      actor: { reference: 'hers', assurance: 'substantial' as const, mandate: null, language: 'en' },
      page: 'a'.repeat(64),
      filedAt: NOW,
      filedOn: NOW.slice(0, 10),
      evidence: [],
      waived: [],
      unanswered: [],
      deciders: ['kz', 'kg'],
    };
    return {
      transaction: {
        id: randomId(),
        direction: 'in',
        code: 'P.GD.01.TRN.001',
        pattern: 'requestResponse',
        operation: 'openCase',
        agreement: agreement.name,
        contract: agreement.contractDigest,
        from: 'kz',
        to: 'kg',
        fromAgency: 'kz.portal',
        toAgency: 'kg.pension-fund',
        application: id,
        lane: id,
        status: 'received',
        standing: 'received',
        requestMessage: randomId(),
        requestDigest: 'b'.repeat(64),
        begunAt: NOW,
      },
      body: {
        application: seal('application', payload, [keys.messages]),
        evidence: [],
        ...(files === undefined ? {} : { files }),
      },
    };
  };
  return { ...decider, claim };
}

const clerk = officer('officer-kg-1', { agency: 'kg.pension-fund' });

describe('the files of a claim', () => {
  test('are kept with the case, opened by its officers once scanned, each opening in the access record', async (t) => {
    const { ctx, deliver, claim, answers } = await customs(t);
    const transaction = await deliver(claim(carried(licence, invoice)));
    assert.equal((await answers(transaction))[0]?.type, 'transaction/accepted');
    const [row] = await ctx.db.query<{ id: string }>('select id from cases');
    const id = row?.id ?? '';
    const open = (session = clerk) => openAttachment(ctx, session, id, digestHex(invoice));
    await assert.rejects(open(), (error: unknown) => isFailure(error, 'FILE_QUARANTINED'));
    const jobs = startJobs(ctx, [scanJob(ctx)]);
    t.after(() => jobs.stop());
    await until('both are scanned', async () => {
      const { files } = await openCaseFile(ctx, clerk, id);
      return files.every(({ status }) => status === 'clean');
    });
    const { files } = await openCaseFile(ctx, clerk, id);
    assert.deepEqual(
      files.map(({ field, name }) => `${field} ${name}`),
      ['goods.licence l.pdf', 'invoice invoice.pdf'],
    );
    assert.deepEqual((await open()).bytes, invoice);
    await open();
    const uses = await ctx.db.query(`select 1 from access_entries where content -> 'fields' ? 'file'`);
    assert.equal(uses.length, 2, 'every opening is told');
    await assert.rejects(open(officer('x', { agency: 'kg.population' })), (error: unknown) =>
      isFailure(error, 'CASE_NOT_FOUND'),
    );
    await assert.rejects(open(officer('y', { agency: 'kg.pension-fund', grants: [] })), (error: unknown) =>
      isFailure(error, 'IDENTITY_NOT_PERMITTED'),
    );
  });

  const other = Buffer.from('%PDF-1.7\nother\n%%EOF\n');
  const program = Buffer.from('MZ program');
  const refused: Record<string, [ClaimBody['files'], { [field: string]: Json }?]> = {
    'that is missing': [carried(invoice)],
    'that the answers do not name': [carried(licence, invoice, other)],
    'that comes twice': [carried(licence, invoice, invoice)],
    'with other bytes than its digest': [
      [{ digest: digestHex(licence), bytes: other.toString('base64') }, ...carried(invoice)],
    ],
    'of another size than the answers say': [
      carried(licence, invoice),
      { invoice: { ...named('invoice.pdf', invoice), size: 1 } },
    ],
    'that is a program, whatever it is called': [
      carried(licence, program),
      { invoice: { ...named('invoice.pdf', program), kind: 'pdf' } },
    ],
  };
  for (const [name, [files, answers]] of Object.entries(refused)) {
    test(`refuse the claim for one ${name}`, async (t) => {
      const { deliver, claim, answers: told, ctx } = await customs(t);
      const transaction = await deliver(claim(files, answers));
      assert.deepEqual(await told(transaction), [{ type: 'transaction/refused', body: { code: 'CLAIM_INVALID' } }]);
      assert.deepEqual(await ctx.db.query('select 1 from stored_file'), []);
    });
  }
});
