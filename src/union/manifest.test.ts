import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { generateKey, makeCertificate, type PublicKey, publicKeyJson, type Sealed, seal } from '../crypto/index.ts';
import { isFailure } from '../storage/index.ts';
import { type Manifest, verifyManifest } from './manifest.ts';
import { renewManifest } from './renew.ts';
import { openVersionSigner, type VersionSigner } from './signer.ts';
import { testUnion } from './testing.ts';

const union = testUnion();
const charter = union.charter.payload;
const kz = union.manifests.find(({ payload }) => payload.state === 'kz') as Sealed<Manifest>;
const root = (state: string) => union.roots[state]!;
const refused = (code: string) => (error: unknown) => isFailure(error, code);
const LATER = '2026-06-01T00:00:00.000Z';

function signer(t: TestContext, state = 'kz'): VersionSigner {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-signer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return openVersionSigner(folder, root(state));
}

function certificate(sans = ['kz.localhost']) {
  const made = makeCertificate({
    key: generateKey('es256'),
    commonName: 'kz',
    notBefore: '2025-01-01T00:00:00.000Z',
    notAfter: '2076-01-01T00:00:00.000Z',
    sans,
  });
  return { fingerprint: made.fingerprint, pem: made.pem };
}

describe('a manifest', () => {
  test("is its state's own: the root of that state signed it", () => {
    assert.equal(verifyManifest([charter], kz).state, 'kz');
  });

  test("is refused under another state's root, however well signed", () => {
    const foreign = seal('manifest', kz.payload, [root('ru')]);
    assert.throws(() => verifyManifest([charter], foreign), refused('UNION_MANIFEST_FORGED'));
    const both = seal('manifest', kz.payload, [root('ru'), root('kz')]);
    assert.throws(() => verifyManifest([charter], both), refused('UNION_MANIFEST_FORGED'));
  });

  test('is refused under a root that is not in the charter, or for a state that is not', () => {
    const stranger = seal('manifest', kz.payload, [generateKey()]);
    assert.throws(() => verifyManifest([charter], stranger), refused('UNION_MANIFEST_FORGED'));
    const other = testUnion(['aa', 'bb']);
    assert.throws(() => verifyManifest([charter], other.manifests[0]!), refused('UNION_MANIFEST_CHARTER'));
    const posing = { ...kz.payload, state: 'zz', agencies: [], ledger: { origin: 'commonway/test/zz' } };
    assert.throws(
      () => verifyManifest([charter], seal('manifest', posing, [generateKey()])),
      refused('UNION_STATE_UNKNOWN'),
    );
  });

  test('is refused when changed after signing', () => {
    const changed = { ...kz, payload: { ...kz.payload, issued: LATER } };
    assert.throws(() => verifyManifest([charter], changed), refused('UNION_MANIFEST_FORGED'));
  });

  const first = kz.payload;
  const wrong: Record<string, Partial<Manifest>> = {
    'a fingerprint of another certificate': {
      certificates: [{ ...first.certificates[0]!, fingerprint: 'a'.repeat(64) }],
    },
    'one key for two purposes': { keys: [...first.keys, { ...first.keys[0]!, purpose: 'witness' }] },
    'a key that ends before it begins': { keys: [{ ...first.keys[0]!, until: '2020-01-01T00:00:00.000Z' }] },
    "another state's ledger": { ledger: { origin: 'commonway/test/ru' } },
    'a ledger whose name only begins like its own': { ledger: { origin: 'commonway/test/kzz' } },
    "another state's agency": { agencies: [{ ...first.agencies[0]!, id: 'ru.pension-fund' }] },
    'an agency twice': { agencies: [first.agencies[0]!, { ...first.agencies[0]!, keys: [] }] },
    'no certificate': { certificates: [] },
    'a version before the first': { previous: 'a'.repeat(64) },
  };
  for (const [name, change] of Object.entries(wrong)) {
    test(`is refused with ${name}`, () => {
      const sealed = seal('manifest', { ...first, ...change }, [root('kz')]);
      assert.throws(() => verifyManifest([charter], sealed), refused('UNION_MANIFEST_FORM'));
    });
  }

  test('may open a new ledger beside a lost one', () => {
    const sealed = seal('manifest', { ...first, ledger: { origin: 'commonway/test/kz/2' } }, [root('kz')]);
    assert.equal(verifyManifest([charter], sealed).ledger.origin, 'commonway/test/kz/2');
  });
});

describe('a state renews its keys alone', () => {
  test('with old and new certificate and key side by side, then without the old', (t) => {
    const own = signer(t);
    const key = publicKeyJson(generateKey().public) as PublicKey;
    const next = certificate();
    const second = renewManifest(kz, own, {
      issued: LATER,
      addCertificates: [next],
      addKeys: [{ purpose: 'messages', key, from: LATER }],
    });
    assert.equal(verifyManifest([charter], second).certificates.length, 2);
    const old = kz.payload.certificates[0]!.fingerprint;
    const oldKey = kz.payload.keys.find(({ purpose }) => purpose === 'messages')!.key.id;
    const until = '2026-07-01T00:00:00.000Z';
    const third = renewManifest(second, own, {
      issued: until,
      dropCertificates: [old],
      endKeys: [{ id: oldKey, until }],
    });
    assert.deepEqual(third.payload.certificates, [next]);
    assert.equal(third.payload.keys.find((entry) => entry.key.id === oldKey)?.until, until);
    assert.equal(third.payload.version, 3);
  });

  test('and never drops the last certificate that the peers know, unless told to', (t) => {
    const own = signer(t);
    const changes = {
      issued: LATER,
      dropCertificates: [kz.payload.certificates[0]!.fingerprint],
      addCertificates: [certificate()],
    };
    assert.throws(() => renewManifest(kz, own, changes), refused('UNION_NO_OVERLAP'));
    assert.equal(renewManifest(kz, own, { ...changes, cutOver: true }).payload.version, 2);
  });

  test('and may replace an agency or end a key, but not end one it does not have', (t) => {
    const own = signer(t);
    const agency = { ...kz.payload.agencies[0]!, roles: [] };
    const next = renewManifest(kz, own, { issued: LATER, agencies: [agency, { ...agency, id: 'kz.new', keys: [] }] });
    assert.equal(next.payload.agencies.length, kz.payload.agencies.length + 1);
    assert.throws(
      () => renewManifest(kz, own, { issued: LATER, endKeys: [{ id: 'nobody', until: LATER }] }),
      refused('UNION_KEY_UNKNOWN'),
    );
  });
});

describe('a root that signs versions', () => {
  test('signs one content of a version as often as asked, and never a second one', (t) => {
    const own = signer(t);
    const next = renewManifest(kz, own, { issued: LATER });
    assert.deepEqual(renewManifest(kz, own, { issued: LATER }), next);
    assert.throws(
      () => renewManifest(kz, own, { issued: '2026-06-02T00:00:00.000Z' }),
      refused('UNION_SIGNED_OTHER_CONTENT'),
    );
    assert.throws(
      () => own.signManifest({ ...next.payload, issued: '2026-06-03T00:00:00.000Z' }),
      refused('UNION_SIGNED_OTHER_CONTENT'),
    );
  });

  test('remembers it over a restart', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'commonway-signer-'));
    t.after(() => rmSync(folder, { recursive: true }));
    openVersionSigner(folder, root('kz')).signCharter(charter);
    const again = openVersionSigner(folder, root('kz'));
    assert.equal(again.signCharter(charter).signatures.length, 1);
    assert.throws(
      () => again.signCharter({ ...charter, expires: '2050-01-01T00:00:00.000Z' }),
      refused('UNION_SIGNED_OTHER_CONTENT'),
    );
  });
});
