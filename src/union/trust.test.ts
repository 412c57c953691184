import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { generateKey, type PublicKey, publicKeyJson, type Sealed, seal } from '../crypto/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import { type Charter, charterDigest } from './charter.ts';
import { helloQuery, makeHello, parseHelloQuery, takeHello, whatWeHave } from './hello.ts';
import { type Manifest, manifestDigest } from './manifest.ts';
import { sealRatification } from './ratification.ts';
import { renewManifest } from './renew.ts';
import { assembleCharter, openVersionSigner } from './signer.ts';
import { listAlarms, migrations } from './store.ts';
import { FOUNDED, filesOf, testTrust, testUnion } from './testing.ts';
import { openTrust } from './trust.ts';

const union = testUnion();
const roots = Object.values(union.roots);
const files = filesOf(union);
const refused = (code: string) => (error: unknown) => isFailure(error, code);
const LATER = '2026-06-01T00:00:00.000Z';
const clock = manualClock('2026-03-01T00:00:00.000Z');

function signerOf(t: TestContext, state: string) {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-trust-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return openVersionSigner(folder, union.roots[state]!);
}

function nextCharter(previous: Charter, changes: Partial<Charter> = {}, keys = roots): Sealed<Charter> {
  const next = {
    ...previous,
    version: previous.version + 1,
    previous: charterDigest(previous),
    created: LATER,
    ...changes,
  };
  return seal('charter', next, keys);
}

const manifestOf = (state: string) =>
  union.manifests.find(({ payload }) => payload.state === state) as Sealed<Manifest>;

function nextManifest(previous: Manifest, changes: Partial<Manifest> = {}): Sealed<Manifest> {
  const next = {
    ...previous,
    version: previous.version + 1,
    previous: manifestDigest(previous),
    issued: LATER,
    ...changes,
  };
  return seal('manifest', next, [union.roots[previous.state]!]);
}

describe('the trust store at start', () => {
  test('knows every state, key, agency and certificate that the files tell, and records each version once', async (t) => {
    const db = await freshDb(t, [migrations]);
    const recorded: Json[] = [];
    const options = {
      self: 'kz',
      files,
      record: async (_tx: unknown, one: { kind: string }) => void recorded.push(one.kind),
    };
    const trust = await openTrust({ db, clock }, options);
    await openTrust({ db, clock }, options);
    assert.deepEqual(recorded, ['charter', ...Array(5).fill('manifest')]);
    assert.deepEqual(trust.states(), ['am', 'by', 'kg', 'kz', 'ru']);
    assert.equal(trust.witnessQuorum(), 3);
    assert.equal(trust.currentKey('ru', 'messages').id, union.keys.ru!.messages.public.id);
    assert.equal(trust.stateOfCertificate(manifestOf('by').payload.certificates[0]!.fingerprint), 'by');
    assert.equal(trust.stateOfCertificate('0'.repeat(64)), undefined);
    assert.equal(trust.agencyFor('am', 'populationRegister').id, 'am.population');
    assert.throws(() => trust.agency('am', 'am.nobody'), refused('UNION_AGENCY_UNKNOWN'));
    assert.throws(() => trust.agencyFor('am', 'king'), refused('UNION_ROLE_UNKNOWN'));
    assert.throws(() => trust.manifest('zz'), refused('UNION_STATE_UNKNOWN'));
    const agencyKey = union.keys.am!.agencies['am.population']!.public.id;
    assert.equal(trust.agencyKey('am', 'am.population', agencyKey).id, agencyKey);
    assert.throws(() => trust.agencyKey('am', 'am.pension-fund', agencyKey), refused('UNION_KEY_UNKNOWN'));
    assert.throws(() => trust.key('am', 'seal', union.keys.am!.messages.public.id), refused('UNION_KEY_UNKNOWN'));
    assert.throws(() => trust.key('am', 'seal', union.keys.ru!.seal.public.id), refused('UNION_KEY_UNKNOWN'));
  });

  const stops = async (t: TestContext, given: Partial<typeof files>, code: string, before?: Partial<typeof files>) => {
    const db = await freshDb(t, [migrations]);
    if (before) await openTrust({ db, clock }, { self: 'kz', files: { ...files, ...before } });
    await assert.rejects(openTrust({ db, clock }, { self: 'kz', files: { ...files, ...given } }), refused(code));
    return db;
  };

  test('stops at a forged charter, on the first start and later', async (t) => {
    const forged = { ...union.charter, payload: { ...union.charter.payload, threshold: 3 } };
    await stops(t, { charters: [forged] }, 'UNION_CHARTER_FORGED');
    await stops(t, { charters: [forged] }, 'UNION_CHARTER_FORGED', {});
  });

  test('stops at an under-signed charter', async (t) => {
    const few = seal('charter', union.charter.payload, roots.slice(0, 3));
    await stops(t, { charters: [few] }, 'UNION_CHARTER_UNDER_SIGNED');
  });

  test('stops at a charter that was rolled back, skipped, or is missing', async (t) => {
    const second = nextCharter(union.charter.payload);
    const third = nextCharter(second.payload);
    const both = { charters: [union.charter, second] };
    await stops(t, {}, 'UNION_CHARTER_ROLLED_BACK', both);
    await stops(t, { charters: [union.charter, third] }, 'UNION_CHARTER_SKIPPED');
    await stops(t, { charters: [third] }, 'UNION_CHARTER_SKIPPED', both);
    await stops(t, { charters: [] }, 'UNION_CHARTER_MISSING');
  });

  test('stops at a second content of a charter version, and at another union in place of its own', async (t) => {
    const second = nextCharter(union.charter.payload);
    const other = nextCharter(union.charter.payload, { expires: '2050-01-01T00:00:00.000Z' });
    const before = { charters: [union.charter, second] };
    await stops(t, { charters: [union.charter, other] }, 'UNION_CHARTER_TWO_CONTENTS', before);
    await stops(t, filesOf(testUnion()), 'UNION_ANCHOR_MISMATCH', {});
  });

  test('stops at a manifest of itself that is missing or was rolled back, and at any that is forged', async (t) => {
    const second = nextManifest(manifestOf('kz').payload);
    await stops(t, {}, 'UNION_MANIFEST_ROLLED_BACK', { manifests: [...files.manifests, second] });
    await stops(t, { manifests: [manifestOf('ru')] }, 'UNION_MANIFEST_MISSING');
    const foreign = seal('manifest', manifestOf('ru').payload, [union.roots.kz!]);
    await stops(t, { manifests: [manifestOf('kz'), foreign] }, 'UNION_MANIFEST_FORGED');
  });

  test('accepts only the anchor it was given', async (t) => {
    const db = await freshDb(t, [migrations]);
    const anchor = { union: 'test', version: 1, digest: 'a'.repeat(64) };
    await assert.rejects(openTrust({ db, clock }, { self: 'kz', files, anchor }), refused('UNION_ANCHOR_MISMATCH'));
  });

  test('notices a row of its database that was changed', async (t) => {
    const { db } = await testTrust(t, union, 'kz', clock);
    const forged = { ...manifestOf('ru'), payload: { ...manifestOf('ru').payload, issued: LATER } };
    await db.query(
      `update union_version set sealed = convert_to($1, 'UTF8') where kind = 'manifest' and subject = 'ru'`,
      [Buffer.from(JSON.stringify(sortMembers(forged))).toString()],
    );
    const trust = await openTrust({ db, clock }, { self: 'kz', files: { ...files, manifests: [manifestOf('kz')] } });
    assert.throws(() => trust.manifest('ru'), refused('UNION_MANIFEST_MISSING'));
  });

  test('goes on under an expired charter and says so', async (t) => {
    const late = manualClock('2037-01-01T00:00:00.000Z');
    const { trust } = await testTrust(t, union, 'kz', late);
    assert.equal(trust.expired(), true);
    assert.equal(trust.currentKey('ru', 'messages').id, union.keys.ru!.messages.public.id);
    assert.equal(await trust.learnManifest(nextManifest(manifestOf('ru').payload)), true);
  });
});

describe('the trust store learns', () => {
  test('a renewed manifest, over which no older one ever comes back', async (t) => {
    const { trust, db } = await testTrust(t, union, 'kz', clock);
    const key = publicKeyJson(generateKey().public) as PublicKey;
    const second = renewManifest(manifestOf('ru'), signerOf(t, 'ru'), {
      issued: LATER,
      addKeys: [{ purpose: 'messages', key, from: LATER }],
    });
    assert.equal(await trust.learnManifest(second), true);
    assert.equal(await trust.learnManifest(second), false);
    assert.equal(await trust.learnManifest(manifestOf('ru')), false);
    assert.equal(trust.manifest('ru').version, 2);
    const again = await openTrust({ db, clock }, { self: 'kz', files });
    assert.equal(again.manifest('ru').version, 2);
  });

  test('no manifest that skips a version, is of another root, or is another content of a known version', async (t) => {
    const { trust, db } = await testTrust(t, union, 'kz', clock);
    const second = nextManifest(manifestOf('ru').payload);
    const third = nextManifest(second.payload);
    await assert.rejects(trust.learnManifest(third), refused('UNION_MANIFEST_SKIPPED'));
    const foreign = seal('manifest', second.payload, [union.roots.kz!]);
    await assert.rejects(trust.learnManifest(foreign), refused('UNION_MANIFEST_FORGED'));
    await trust.learnManifest(second);
    const other = nextManifest(manifestOf('ru').payload, { agencies: [] });
    await assert.rejects(trust.learnManifest(other, 'by'), refused('UNION_MANIFEST_TWO_CONTENTS'));
    const [alarm] = await listAlarms(db);
    assert.deepEqual([alarm?.kind, alarm?.peer, alarm?.detail.from], ['manifest-fork', 'ru', 'by']);
  });

  test('what another process of the same node learned', async (t) => {
    const { trust, db } = await testTrust(t, union, 'kz', clock);
    const other = await openTrust({ db, clock }, { self: 'kz', files });
    await other.learnManifest(nextManifest(manifestOf('ru').payload));
    assert.equal(trust.manifest('ru').version, 1);
    await trust.refresh();
    assert.equal(trust.manifest('ru').version, 2);
  });

  test('a version only once when two processes learn it at the same moment', async (t) => {
    const { trust, db } = await testTrust(t, union, 'kz', clock);
    const other = await openTrust({ db, clock }, { self: 'kz', files });
    const second = nextManifest(manifestOf('ru').payload);
    const results = await Promise.all([trust.learnManifest(second), other.learnManifest(second)]);
    assert.deepEqual(results.sort(), [false, true]);
  });

  test("keys with their windows: before 'from' and from 'until' on a key signs nothing", async (t) => {
    const now = manualClock('2026-03-01T00:00:00.000Z');
    const { trust } = await testTrust(t, union, 'kz', now);
    const old = union.keys.ru!.messages.public;
    const key = publicKeyJson(generateKey().public) as PublicKey;
    const from = '2026-06-01T00:00:00.000Z';
    const until = '2026-06-10T00:00:00.000Z';
    await trust.learnManifest(
      renewManifest(manifestOf('ru'), signerOf(t, 'ru'), {
        issued: '2026-05-01T00:00:00.000Z',
        addKeys: [{ purpose: 'messages', key, from }],
        endKeys: [{ id: old.id, until }],
      }),
    );
    assert.equal(trust.currentKey('ru', 'messages').id, old.id);
    assert.throws(() => trust.key('ru', 'messages', key.id), refused('UNION_KEY_NOT_VALID'));
    now.set('2026-06-05T00:00:00.000Z');
    assert.equal(trust.currentKey('ru', 'messages').id, key.id);
    assert.equal(trust.key('ru', 'messages', old.id).id, old.id);
    now.set(until);
    assert.throws(() => trust.key('ru', 'messages', old.id), refused('UNION_KEY_NOT_VALID'));
    assert.equal(trust.key('ru', 'messages', old.id, FOUNDED).id, old.id);
  });
});

describe('a state whose root was replaced', () => {
  test('counts with its old root no more, and comes in again with the new one', async (t) => {
    const db = await freshDb(t, [migrations]);
    await openTrust({ db, clock }, { self: 'kz', files });
    const root = generateKey();
    const states = union.charter.payload.states.map((entry) =>
      entry.state === 'ru' ? { ...entry, root: publicKeyJson(root.public) as PublicKey } : entry,
    );
    const others = ['am', 'by', 'kg', 'kz'].map((state) => union.roots[state]!);
    const second = nextCharter(union.charter.payload, { states }, [...others, root]);
    const trust = await openTrust(
      { db, clock },
      { self: 'kz', files: { ...files, charters: [union.charter, second] } },
    );
    const { id } = union.keys.ru!.messages.public;
    assert.ok(!trust.members().includes('ru'));
    assert.throws(() => trust.key('ru', 'messages', id), refused('UNION_KEY_NOT_VALID'));
    assert.throws(() => trust.key('ru', 'messages', id, LATER), refused('UNION_KEY_NOT_VALID'));
    assert.equal(trust.key('ru', 'messages', id, FOUNDED).id, id);
    assert.equal(trust.stateOfCertificate(manifestOf('ru').payload.certificates[0]!.fingerprint), undefined);
    const stolen = nextManifest(manifestOf('ru').payload);
    await assert.rejects(trust.learnManifest(stolen), refused('UNION_MANIFEST_FORGED'));
    const charter = charterDigest(second.payload);
    const fresh = seal('manifest', { ...stolen.payload, charter }, [root]);
    assert.equal(await trust.learnManifest(fresh), true);
    assert.equal(trust.manifest('ru').version, 2);
  });
});

describe('a charter that comes while a node runs', () => {
  const without = (state: string) => union.charter.payload.states.filter((entry) => entry.state !== state);
  const rootsBut = (...states: string[]) =>
    union.charter.payload.states.filter(({ state }) => !states.includes(state)).map(({ state }) => union.roots[state]!);

  test('admits a state, which is in as soon as its manifest is there', async (t) => {
    const { trust } = await testTrust(t, union, 'kz', clock);
    const newcomer = testUnion(['uz']);
    const states = [...union.charter.payload.states, ...newcomer.charter.payload.states];
    const second = nextCharter(union.charter.payload, { states, threshold: 5 }, [...roots, newcomer.roots.uz!]);
    assert.equal(await trust.take({ ...files, charters: [union.charter, second] }), 1);
    assert.ok(trust.states().includes('uz') && !trust.members().includes('uz'));
    assert.deepEqual(trust.keys('uz', 'witness'), []);
    const charter = charterDigest(second.payload);
    const first = seal('manifest', { ...newcomer.manifests[0]!.payload, charter }, [newcomer.roots.uz!]);
    assert.equal(await trust.take({ ...files, charters: [union.charter, second], manifests: [first] }), 1);
    assert.equal(trust.stateOfCertificate(first.payload.certificates[0]!.fingerprint), 'uz');
    assert.equal(await trust.take({ ...files, charters: [union.charter, second], manifests: [first] }), 0);
  });

  for (const [how, signers] of [
    ['expelled by the four others', rootsBut('ru')],
    ['by its own word and that of three', rootsBut('kg')],
  ] as const) {
    test(`lets a state go, ${how}: what it signed before goes on to count, and nothing after`, async (t) => {
      const { trust } = await testTrust(t, union, 'kz', clock);
      const second = nextCharter(union.charter.payload, { states: without('ru'), threshold: 3 }, [...signers]);
      await trust.take({ ...files, charters: [union.charter, second] });
      const { id } = union.keys.ru!.seal.public;
      assert.deepEqual([trust.states().includes('ru'), trust.leftAt('ru')], [false, LATER]);
      assert.equal(trust.key('ru', 'seal', id, FOUNDED).id, id);
      assert.throws(() => trust.key('ru', 'seal', id, LATER), refused('UNION_KEY_NOT_VALID'));
      assert.throws(() => trust.key('ru', 'seal', id), refused('UNION_KEY_NOT_VALID'));
      assert.throws(() => trust.currentKey('ru', 'seal'), refused('UNION_KEY_UNKNOWN'));
      await assert.rejects(trust.learnManifest(nextManifest(manifestOf('ru').payload)), refused('UNION_STATE_UNKNOWN'));
      assert.equal(trust.stateName('ru'), 'RU');
    });
  }

  test('that has no place for this state is an alarm: the node goes on under the one that names it', async (t) => {
    const { trust, db } = await testTrust(t, union, 'ru', clock);
    const second = nextCharter(union.charter.payload, { states: without('ru'), threshold: 3 }, rootsBut('ru'));
    const given = { ...files, charters: [union.charter, second] };
    assert.equal(await trust.take(given), 0);
    assert.equal(trust.charter.version, 1);
    assert.deepEqual(
      (await listAlarms(db)).map(({ kind }) => kind),
      ['charter-without-us'],
    );
    assert.equal((await openTrust({ db, clock }, { self: 'ru', files: given })).charter.version, 1);
  });

  test('and does not hold changes nothing', async (t) => {
    const { trust } = await testTrust(t, union, 'kz', clock);
    const second = nextCharter(union.charter.payload, { states: without('ru'), threshold: 3 }, rootsBut('ru', 'kg'));
    await assert.rejects(
      trust.take({ ...files, charters: [union.charter, second] }),
      refused('UNION_CHARTER_UNDER_SIGNED'),
    );
    assert.deepEqual([trust.charter.version, trust.states().length], [1, 5]);
  });
});

describe('charter signatures of several roots', () => {
  test('are gathered into one version, but not over two contents', (t) => {
    const { payload } = nextCharter(union.charter.payload);
    const parts = ['am', 'by', 'kg', 'ru'].map((state) => signerOf(t, state).signCharter(payload));
    const whole = assembleCharter(parts);
    assert.equal(whole.signatures.length, 4);
    const other = signerOf(t, 'kz').signCharter({ ...payload, expires: '2050-01-01T00:00:00.000Z' });
    assert.throws(() => assembleCharter([...parts, other]), refused('UNION_CHARTER_TWO_CONTENTS'));
  });
});

describe('a hello', () => {
  const theirTime = Date.parse(clock.now());

  test('brings a renewed manifest of a third state, and nothing twice', async (t) => {
    const kz = await testTrust(t, union, 'kz', clock);
    const by = await testTrust(t, union, 'by', clock);
    await by.trust.learnManifest(nextManifest(manifestOf('ru').payload));
    const ask = async () => {
      const query = helloQuery(await whatWeHave({ db: kz.db, clock }, kz.trust));
      const answer = await makeHello({ db: by.db, clock }, by.trust, parseHelloQuery(new URLSearchParams(query)));
      return takeHello({ db: kz.db, clock }, kz.trust, 'by', answer as unknown as Json);
    };
    assert.deepEqual(await ask(), { charter: 'same', learned: 1, peerBehind: false, theirTime });
    assert.equal(kz.trust.manifest('ru').version, 2);
    assert.deepEqual(await ask(), { charter: 'same', learned: 0, peerBehind: false, theirTime });
    await kz.trust.learnManifest(nextManifest(manifestOf('am').payload));
    assert.equal((await ask()).peerBehind, true);
  });

  test('brings ratifications, which only the state itself can give', async (t) => {
    const kz = await testTrust(t, union, 'kz', clock);
    const by = await testTrust(t, union, 'by', clock);
    const word = {
      state: 'by',
      agreement: 'pension',
      contract: 'a'.repeat(64),
      annex: 'b'.repeat(64),
      from: '2026-01-01',
      issued: '2026-01-02T00:00:00.000Z',
    };
    const forged = sealRatification(word, union.keys.kz!.ratification);
    await assert.rejects(kz.trust.learnRatification(forged), refused('UNION_RATIFICATION_FORGED'));
    const early = sealRatification({ ...word, issued: '2020-01-01T00:00:00.000Z' }, union.keys.by!.ratification);
    await assert.rejects(kz.trust.learnRatification(early), refused('UNION_RATIFICATION_FORGED'));
    await by.trust.learnRatification(sealRatification(word, union.keys.by!.ratification));
    const have = await whatWeHave({ db: kz.db, clock }, kz.trust);
    const answer = await makeHello({ db: by.db, clock }, by.trust, have);
    await takeHello({ db: kz.db, clock }, kz.trust, 'by', answer as unknown as Json);
    assert.equal(kz.trust.ratified('by', 'pension', '2026-05-01')?.contract, word.contract);
    assert.equal(kz.trust.ratified('by', 'pension', '2025-05-01'), undefined);
    await kz.trust.learnRatification(sealRatification({ ...word, state: 'kz' }, union.keys.kz!.ratification));
    const newer = { ...word, contract: 'c'.repeat(64), from: '2026-04-01', issued: '2026-03-02T00:00:00.000Z' };
    await kz.trust.learnRatification(sealRatification(newer, union.keys.by!.ratification));
    assert.equal(kz.trust.ratified('by', 'pension', '2026-05-01')?.contract, newer.contract);
    assert.deepEqual(
      kz.trust.words('pension').map(({ issued }) => issued),
      [newer.issued, word.issued, word.issued],
    );
    const ended = { ...newer, until: '2026-04-15', issued: '2026-03-03T00:00:00.000Z' };
    await kz.trust.learnRatification(sealRatification(ended, union.keys.by!.ratification));
    assert.equal(kz.trust.ratified('by', 'pension', '2026-05-01')?.contract, word.contract);
  });

  test('of a peer with another charter raises an alarm: a fork is not believed, a newer one is', async (t) => {
    const { trust, db } = await testTrust(t, union, 'kz', clock);
    const by = await testTrust(t, union, 'by', clock);
    await by.trust.learnManifest(nextManifest(manifestOf('ru').payload));
    const hello = await makeHello({ db: by.db, clock }, by.trust, { versions: {}, ratified: '' });
    const fork = { ...hello, charter: { version: 1, digest: 'f'.repeat(64) } } as unknown as Json;
    assert.deepEqual(await takeHello({ db, clock }, trust, 'by', fork), {
      charter: 'fork',
      learned: 0,
      peerBehind: false,
      theirTime,
    });
    assert.equal(trust.manifest('ru').version, 1);
    const newer = { ...hello, charter: { version: 2, digest: 'e'.repeat(64) } } as unknown as Json;
    assert.equal((await takeHello({ db, clock }, trust, 'by', newer)).learned, 1);
    assert.deepEqual((await listAlarms(db)).map((alarm) => alarm.kind).sort(), ['charter-fork', 'charter-newer']);
  });

  test('of a later version is understood as far as both speak one protocol, and told where they do not', async (t) => {
    const kz = await testTrust(t, union, 'kz', clock);
    const by = await testTrust(t, union, 'by', clock);
    await by.trust.learnManifest(nextManifest(manifestOf('ru').payload));
    const query = parseHelloQuery(new URLSearchParams(helloQuery(await whatWeHave({ db: kz.db, clock }, kz.trust))));
    const hello = (await makeHello({ db: by.db, clock }, by.trust, query)) as unknown as { [key: string]: Json };
    const take = (changes: { [key: string]: Json }) =>
      takeHello({ db: kz.db, clock }, kz.trust, 'by', { ...hello, ...changes });
    assert.equal((await take({ protocols: [1, 2], somethingNew: { with: ['members'] } })).learned, 1);
    assert.deepEqual(await listAlarms(kz.db), []);
    await take({ protocols: [2, 3] });
    assert.deepEqual(
      (await listAlarms(kz.db)).map(({ kind, peer, detail }) => [kind, peer, detail]),
      [['protocol-none', 'by', { theirs: [2, 3], ours: [1] }]],
    );
  });

  test('is refused in the name of another state or union', async (t) => {
    const { trust, db } = await testTrust(t, union, 'kz', clock);
    const hello = await makeHello({ db, clock }, trust, { versions: {}, ratified: '' });
    const taken = takeHello({ db, clock }, trust, 'by', hello as unknown as Json);
    await assert.rejects(taken, refused('UNION_CHARTER_FORM'));
  });

  test('with one refused part still brings the others, and the refusal is an alarm', async (t) => {
    const { trust, db } = await testTrust(t, union, 'kz', clock);
    const by = await testTrust(t, union, 'by', clock);
    const hello = await makeHello({ db: by.db, clock }, by.trust, { versions: {}, ratified: '' });
    const good = nextManifest(manifestOf('ru').payload);
    const bad = seal('manifest', nextManifest(manifestOf('am').payload).payload, [union.roots.kz!]);
    const answer = { ...hello, manifests: [bad, good] } as unknown as Json;
    assert.equal((await takeHello({ db, clock }, trust, 'by', answer)).learned, 1);
    assert.equal((await listAlarms(db))[0]?.kind, 'hello-refused');
  });
});

function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, sortMembers(part)]),
  );
}
