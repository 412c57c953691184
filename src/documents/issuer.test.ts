import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey, issueCertificate, type PublicKey, type SigningKey } from '../crypto/index.ts';
import { agencyOf, issuerOf } from './issuer.ts';
import { START, testNode, testUnion } from './testing.ts';

const founded = testUnion();

/** A certificate for a document key under some root. */
function certify(root: SigningKey, key: PublicKey, dates: { notBefore?: string; notAfter?: string } = {}): string[] {
  const certificate = issueCertificate({
    issuerKey: root,
    issuerName: { commonName: 'root' },
    subjectKey: key,
    subjectName: { commonName: 'documents' },
    notBefore: '2020-01-01T00:00:00.000Z',
    notAfter: '2040-01-01T00:00:00.000Z',
    ...dates,
  });
  return [certificate.der.toString('base64')];
}

test('the issuer of a document', async (t) => {
  const { trust } = await testNode(t, founded);
  const { kz, aa } = founded.keys;
  const root = founded.roots.kz;
  assert.ok(kz && aa && root);
  const refused = (x5c: string[], code: string, at = START) => assert.throws(() => issuerOf(trust, x5c, at), { code });

  await t.test('is the state whose root signed the certificate of its key', () => {
    assert.deepEqual(issuerOf(trust, kz.documentsChain, START), { state: 'kz', key: kz.documents.public });
    assert.equal(issuerOf(trust, aa.documentsChain, START).state, 'aa');
  });
  await t.test('is refused under a root that is not in the charter', () => {
    refused(certify(generateKey(), kz.documents.public), 'DOCUMENTS_ISSUER_UNKNOWN');
    const invented = testUnion().keys.kz;
    refused(invented?.documentsChain ?? [], 'DOCUMENTS_ISSUER_UNKNOWN');
  });
  await t.test('is refused under the root with a key that the manifest does not list for documents', () => {
    refused(certify(root, generateKey('es256').public), 'DOCUMENTS_ISSUER_KEY');
    refused(certify(root, kz.messages.public), 'DOCUMENTS_ISSUER_KEY');
    refused(certify(root, aa.documents.public), 'DOCUMENTS_ISSUER_KEY');
  });
  await t.test('is refused before its key counts, and outside the dates of its certificate', () => {
    refused(kz.documentsChain, 'DOCUMENTS_ISSUER_KEY', '2025-12-31T00:00:00.000Z');
    refused(certify(root, kz.documents.public, { notAfter: '2026-01-01T00:00:00.000Z' }), 'DOCUMENTS_ISSUER_UNKNOWN');
  });
  await t.test('is refused with a chain of another form', () => {
    const [leaf = ''] = kz.documentsChain;
    for (const x5c of [[], ['AAAA'], [leaf, leaf], [`${leaf}=`], [`${leaf} `], ['', leaf], [leaf, leaf, leaf]]) {
      refused(x5c, 'DOCUMENTS_ISSUER_UNKNOWN');
    }
  });
  await t.test('is the one that the claims name', () => {
    const claims = { issuing_country: 'KZ', issuing_authority: 'kz.pension-fund' };
    assert.equal(agencyOf(trust, 'kz', claims), 'kz.pension-fund');
    for (const wrong of [
      { ...claims, issuing_country: 'AA' },
      { ...claims, issuing_authority: 'aa.pension-fund' },
      { ...claims, issuing_authority: 7 },
      { issuing_country: 'KZ' },
      { ...claims, iss: 'https://kz.example' },
    ]) {
      assert.throws(() => agencyOf(trust, 'kz', wrong), { code: 'DOCUMENTS_ISSUER_NAME' });
    }
  });
});
