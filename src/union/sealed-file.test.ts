import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, signBytes, toBase64Url } from '../crypto/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { manualClock } from '../storage/testing.ts';
import { pinAnchor, readAnchors } from './anchors.ts';
import { anchorOf } from './charter.ts';
import { NOT_USABLE } from './failures.ts';
import { readUnionFolder, writeUnionFolder } from './folder.ts';
import { readNodeKeys, writeNodeKeys } from './node-keys.ts';
import { openFile, sealFile } from './sealed-file.ts';
import { filesOf, testTrust, testUnion } from './testing.ts';

const union = testUnion(['kz', 'ru']);
const clock = manualClock('2026-03-01T00:00:00.000Z');
const anchor = anchorOf(union.charter.payload);
const now = '2026-04-01T00:00:00.000Z';
const refused =
  (...codes: string[]) =>
  (error: unknown) =>
    isFailure(error, ...codes);

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'commonway-files-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

async function sealedFile(t: TestContext, from = union, content: Json = { message: 'x', парам: 1 }): Promise<Buffer> {
  const { trust } = await testTrust(t, from, 'kz', clock);
  return sealFile({ trust, key: from.keys.kz!.seal, clock }, 'receipt', content);
}

describe('a sealed file', () => {
  test('opens under the pinned anchor and tells who sealed what when', async (t) => {
    const opened = openFile(await sealedFile(t), [anchor], now);
    assert.equal(opened.kind, 'receipt');
    assert.deepEqual(opened.content, { message: 'x', парам: 1 });
    assert.equal(opened.sealedBy.state, 'kz');
    assert.equal(opened.sealedAt, clock.now());
    assert.equal(opened.charterExpired, false);
    assert.equal(opened.trust.currentKey('ru', 'witness').id, union.keys.ru!.witness.public.id);
    assert.equal(openFile(await sealedFile(t), [anchor], '2040-01-01T00:00:00.000Z').charterExpired, true);
  });

  test('that is large and wrong is called wrong without a search for the place', () => {
    const reasonOf = (entries: number) => {
      const bytes = Buffer.from(`{"charters":[${'{"a":1},'.repeat(entries)}{}],"commonway":1}`);
      try {
        openFile(bytes, [anchor], now);
      } catch (error) {
        if (isFailure(error, 'UNION_FILE_FORM')) return String(error.params.reason);
      }
      return assert.fail('it opened');
    };
    assert.match(reasonOf(1), /^\/ must/);
    assert.equal(reasonOf(100_000), 'it has not the form of a file');
  });

  test('is not usable where no anchor is pinned', async (t) => {
    const bytes = await sealedFile(t);
    assert.throws(() => openFile(bytes, [], now), refused('UNION_ANCHOR_MISSING'));
    assert.ok(NOT_USABLE.includes('UNION_ANCHOR_MISSING'));
    const later = canonicalJson({ ...(JSON.parse(bytes.toString()) as Record<string, Json>), commonway: 2 });
    assert.throws(() => openFile(Buffer.from(later), [anchor], now), refused('UNION_FILE_VERSION'));
  });

  test('of an invented union is refused, though all in it agrees with itself', async (t) => {
    const invented = testUnion(['kz', 'ru']);
    const bytes = await sealedFile(t, invented);
    assert.equal(openFile(bytes, [anchorOf(invented.charter.payload)], now).kind, 'receipt');
    assert.throws(() => openFile(bytes, [anchor], now), refused('UNION_ANCHOR_MISMATCH'));
    assert.ok(!NOT_USABLE.includes('UNION_ANCHOR_MISMATCH'));
  });

  test('is refused with any one byte changed, dropped or added', async (t) => {
    const bytes = await sealedFile(t);
    const opens = (changed: Uint8Array): boolean => {
      try {
        openFile(changed, [anchor], now);
        return true;
      } catch {
        return false;
      }
    };
    const place = fc.nat({ max: bytes.length - 1 });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ change;
        assert.equal(opens(changed), false);
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(place, (at) => {
        assert.equal(opens(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])), false);
        assert.equal(opens(Buffer.concat([bytes.subarray(0, at), Buffer.from(' '), bytes.subarray(at)])), false);
      }),
      { numRuns: 100 },
    );
    assert.equal(opens(Buffer.concat([bytes, Buffer.from('\n')])), false);
    assert.equal(opens(Buffer.concat([Buffer.from('\ufeff'), bytes])), false);
    assert.equal(opens(bytes), true);
  });

  test('is refused under a seal of another purpose, of another state, or outside its time', async (t) => {
    const { trust } = await testTrust(t, union, 'kz', clock);
    const wrongPurpose = sealFile({ trust, key: union.keys.kz!.messages, clock }, 'receipt', {});
    assert.throws(() => openFile(wrongPurpose, [anchor], now), refused('UNION_KEY_UNKNOWN'));
    const foreign = sealFile({ trust, key: union.keys.ru!.seal, clock }, 'receipt', {});
    assert.throws(() => openFile(foreign, [anchor], now), refused('UNION_KEY_UNKNOWN'));
    const before = { now: () => '2025-12-31T23:59:59.999Z' };
    const early = sealFile({ trust, key: union.keys.kz!.seal, clock: before }, 'receipt', {});
    assert.throws(() => openFile(early, [anchor], now), refused('UNION_KEY_NOT_VALID'));
  });

  test('is refused when its parts were exchanged, even with a fresh signature of a stranger', async (t) => {
    const file = JSON.parse((await sealedFile(t)).toString()) as Record<string, Json>;
    const { signature: _dropped, ...body } = file;
    const reseal = (changes: Record<string, Json>, key = union.keys.kz!.seal) => {
      const changed = { ...body, ...changes };
      const signature = toBase64Url(signBytes(key, 'commonway/file/1', Buffer.from(canonicalJson(changed))));
      return Buffer.from(canonicalJson({ ...changed, signature }));
    };
    assert.equal(openFile(reseal({}), [anchor], now).kind, 'receipt');
    const manifests = body.manifests as Json[];
    assert.throws(() => openFile(reseal({}, union.keys.ru!.seal), [anchor], now), refused('UNION_FILE_SEAL'));
    assert.throws(
      () => openFile(reseal({ manifests: [...manifests, manifests[0]!] }), [anchor], now),
      refused('UNION_FILE_FORM'),
    );
    assert.throws(
      () => openFile(reseal({ manifests: [manifests[1]!] }), [anchor], now),
      refused('UNION_MANIFEST_MISSING'),
    );
    const invented = testUnion(['kz', 'ru']);
    const mixed = reseal({ manifests: invented.manifests as unknown as Json }, invented.keys.kz!.seal);
    assert.throws(() => openFile(mixed, [anchor], now), refused('UNION_MANIFEST_CHARTER'));
    assert.throws(() => openFile(reseal({ note: 1 }), [anchor], now), refused('UNION_FILE_FORM'));
  });
});

describe('files of a union on disk', () => {
  test('an anchor is pinned and read again, alone or by folder', (t) => {
    const home = folder(t);
    assert.deepEqual(readAnchors(join(home, 'none')), []);
    const path = pinAnchor(home, union.charter.payload);
    assert.deepEqual(readAnchors(home), [anchor]);
    assert.deepEqual(readAnchors(path), [anchor]);
    assert.throws(() => readAnchors(join(home, 'gone.json')), refused('UNION_ANCHOR_FORM'));
    writeFileSync(path, '{"union":"test"}');
    assert.throws(() => readAnchors(home), refused('UNION_ANCHOR_FORM'));
  });

  test('charter, manifests and ratifications come back as they were written', (t) => {
    const home = folder(t);
    const files = filesOf(union);
    writeUnionFolder(home, files);
    assert.deepEqual(readUnionFolder(home), files);
    writeFileSync(join(home, 'charters', '1.json'), '{}');
    assert.throws(() => readUnionFolder(home), refused('UNION_FOLDER_FORM'));
  });

  test('keys come back as they were written, and nobody else may read them', (t) => {
    const home = join(folder(t), 'keys');
    writeNodeKeys(home, union.keys.kz!);
    assert.deepEqual(readNodeKeys(home), union.keys.kz);
    assert.equal(statSync(join(home, 'messages.key.json')).mode & 0o777, 0o600);
    assert.equal(statSync(home).mode & 0o777, 0o700);
    writeFileSync(join(home, 'messages.key.json'), '{"secret":');
    assert.throws(
      () => readNodeKeys(home),
      (error: unknown) => isFailure(error, 'UNION_KEYS_FORM') && !error.message.includes('secret'),
    );
  });
});
