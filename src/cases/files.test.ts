import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { digestHex } from '../crypto/index.ts';
import { until } from '../exchange/testing.ts';
import { scanJob } from '../files/index.ts';
import { isFailure, type Json, startJobs } from '../storage/index.ts';
import type { ClaimBody } from './claim-form.ts';
import { openAttachment, openCaseFile } from './index.ts';
import { officer } from './testing.ts';
import { carried, clerk, customs, invoice, licence, named } from './testing-files.ts';

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
