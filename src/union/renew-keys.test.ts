import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { certificateFingerprint, type Sealed, type SigningKey } from '../crypto/index.ts';
import { isFailure } from '../storage/index.ts';
import { manualClock } from '../storage/testing.ts';
import { type Manifest, verifyManifest } from './manifest.ts';
import type { NodeKeys } from './node-keys.ts';
import { beginKeyRenewal, finishKeyRenewal } from './renew-keys.ts';
import { openVersionSigner } from './signer.ts';
import { FOUNDED, testTrust, testUnion } from './testing.ts';

const union = testUnion();
const charter = union.charter.payload;
const first = union.manifests.find(({ payload }) => payload.state === 'kz') as Sealed<Manifest>;
const old = union.keys.kz as NodeKeys;
const root = union.roots.kz as SigningKey;
const BEGUN = '2026-03-01T00:00:00.700Z';
const FINISHED = '2026-03-08T00:00:00.000Z';

/** A renewal of Kazakhstan's keys from its beginning to its end. */
function renewal(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-renewal-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const signer = openVersionSigner(folder, root);
  const begun = beginKeyRenewal({ manifest: first, name: 'Kazakhstan', keys: old, root, signer, at: BEGUN });
  const { nextTls } = begun;
  return { begun, signer, finish: () => finishKeyRenewal({ manifest: begun.manifest, signer, at: FINISHED, nextTls }) };
}

const NODE = ['messages', 'seal', 'documents', 'ledger', 'witness', 'ratification'] as const;

describe('renewing all keys of a state', () => {
  test('begins with old and new side by side, signed by its own root', async (t) => {
    const { begun } = renewal(t);
    assert.equal(verifyManifest([charter], begun.manifest).version, 2);
    const { trust } = await testTrust(t, union, 'ru', manualClock('2026-03-02T00:00:00.000Z'));
    assert.equal(await trust.learnManifest(begun.manifest), true);
    for (const purpose of NODE) {
      for (const keys of [old, begun.keys]) {
        const { id } = keys[purpose].public;
        assert.equal(trust.key('kz', purpose, id).id, id, purpose);
      }
      assert.equal(trust.currentKey('kz', purpose).id, begun.keys[purpose].public.id);
    }
    for (const [id, key] of Object.entries(begun.keys.agencies))
      assert.equal(trust.agencyKey('kz', id, key.public.id).id, key.public.id);
    const known = [old.tls, begun.nextTls].map(({ certificatePem }) => certificateFingerprint(certificatePem));
    assert.deepEqual(
      known.map((fingerprint) => trust.stateOfCertificate(fingerprint)),
      ['kz', 'kz'],
    );
  });

  test('uses the old certificate until the end, since it is the one that the others know', (t) => {
    const { begun } = renewal(t);
    assert.deepEqual(begun.keys.tls, old.tls);
    assert.notEqual(begun.nextTls.certificatePem, old.tls.certificatePem);
  });

  test('certifies the new key of documents under the root', (t) => {
    const { begun } = renewal(t);
    const leaf = new X509Certificate(Buffer.from(begun.keys.documentsChain[0] ?? '', 'base64'));
    assert.match(leaf.issuer, /Kazakhstan root/);
    assert.equal(leaf.publicKey.export({ format: 'jwk' }).x, begun.keys.documents.public.jwk.x);
  });

  test('holds for what is dated in whole seconds, within the second in which it began', (t) => {
    const { begun } = renewal(t);
    const listed = begun.manifest.payload.keys.find(({ key }) => key.id === begun.keys.documents.public.id);
    assert.equal(listed?.from, '2026-03-01T00:00:00.000Z');
  });

  test('ends with the new alone; what the old ones signed in their time stays valid', async (t) => {
    const { begun, finish } = renewal(t);
    const finished = finish();
    const clock = manualClock('2026-03-09T00:00:00.000Z');
    const { trust } = await testTrust(t, union, 'ru', clock);
    await trust.learnManifest(begun.manifest);
    await trust.learnManifest(finished);
    const tooLate = (error: unknown) => isFailure(error, 'UNION_KEY_NOT_VALID');
    for (const purpose of NODE) {
      const { id } = old[purpose].public;
      assert.throws(() => trust.key('kz', purpose, id), tooLate, purpose);
      assert.equal(trust.key('kz', purpose, id, FOUNDED).id, id);
      assert.equal(trust.currentKey('kz', purpose).id, begun.keys[purpose].public.id);
    }
    for (const [id, key] of Object.entries(old.agencies)) {
      assert.throws(() => trust.agencyKey('kz', id, key.public.id), tooLate);
      assert.equal(trust.agencyKey('kz', id, key.public.id, FOUNDED).id, key.public.id);
    }
    assert.equal(trust.stateOfCertificate(certificateFingerprint(old.tls.certificatePem)), undefined);
    assert.equal(trust.stateOfCertificate(certificateFingerprint(begun.nextTls.certificatePem)), 'kz');
  });

  test('can be done again and again, and ends each key once', (t) => {
    const { begun, signer, finish } = renewal(t);
    const manifest = finish();
    const at = '2027-03-01T00:00:00.000Z';
    const again = beginKeyRenewal({ manifest, name: 'Kazakhstan', keys: begun.keys, root, signer, at });
    const ended = finishKeyRenewal({ manifest: again.manifest, signer, at, nextTls: again.nextTls });
    assert.equal(verifyManifest([charter], ended).version, 5);
    const open = ended.payload.keys.filter(({ until }) => until === undefined);
    assert.equal(open.length, NODE.length + 1);
    const [oldest] = ended.payload.keys;
    assert.equal(oldest?.until, FINISHED);
  });

  test('does not end with a certificate that no manifest listed: nobody would know the node', (t) => {
    const { begun, signer } = renewal(t);
    assert.throws(
      () => finishKeyRenewal({ manifest: first, signer, at: FINISHED, nextTls: begun.nextTls }),
      (error) => isFailure(error, 'UNION_NO_OVERLAP'),
    );
  });
});
