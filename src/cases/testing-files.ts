import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { getAgreement } from '../agreements/index.ts';
import { NOW } from '../applications/testing.ts';
import { digestHex, randomId, seal } from '../crypto/index.ts';
import type { Json } from '../storage/index.ts';
import type { ClaimBody } from './claim-form.ts';
import { officer, type TestClaim, testDecider } from './testing.ts';

export const invoice = Buffer.from('%PDF-1.7\ninvoice\n%%EOF\n');
export const licence = Buffer.from('%PDF-1.7\nlicence\n%%EOF\n');
export const named = (name: string, bytes: Buffer) => ({
  name,
  kind: 'pdf',
  size: bytes.length,
  digest: digestHex(bytes),
});
export const carried = (...files: Buffer[]) =>
  files.map((bytes) => ({ digest: digestHex(bytes), bytes: bytes.toString('base64') }));

/** Kyrgyzstan decides on goods that somebody of Kazakhstan brings in, with an invoice for both and a licence for Kyrgyzstan. */
export async function customs(t: TestContext) {
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

/** An officer of the office that decides. */
export const clerk = officer('officer-kg-1', { agency: 'kg.pension-fund' });
