import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type InclusionProof, sequenceNow, verifyInclusion } from '../../ledger/index.ts';
import { isFailure, type Job, type Json } from '../../storage/index.ts';
import { bindSubject, referenceFor } from '../subjects.ts';
import { type TestPersons, testPersons } from '../testing.ts';
import { accessCounts, accessRecord, findAccess } from './access-record.ts';
import { noticeHandler } from './notice.ts';
import { type NoticeChecks, receiveNotice } from './receive-notice.ts';
import { type NewAccess, NOTICES, recordAccess } from './record-access.ts';

const USE = {
  agency: 'ru.pension-fund',
  fields: ['periods.from', 'periods.employer'],
  purpose: 'pension',
  ground: { kind: 'law' as const, article: 'art-7' },
  application: 'application-1',
};

/** Her home in Kazakhstan, where she has a reference, and Russia, which knows her by it. */
async function homeAndAbroad(t: TestContext): Promise<{ kz: TestPersons; ru: TestPersons; reference: string }> {
  const [kz, ru] = await testPersons(t, ['kz', 'ru']);
  if (kz === undefined || ru === undefined) throw new Error('no nodes');
  const reference = await kz.db.transaction(async (tx) => {
    await bindSubject(tx, kz, { subject: 'aigerim', localId: 'KZ-T-000101' });
    return referenceFor(tx, kz, { subject: 'aigerim', application: 'application-1' });
  });
  return { kz, ru, reference };
}

const use = (node: TestPersons, access: NewAccess) => node.db.transaction((tx) => recordAccess(tx, node, access));

/** Runs the jobs that wait, and gives what was sent. */
async function sendNotices(node: TestPersons, attempt = 7): Promise<{ to: string; body: Json }[]> {
  const sent: { to: string; body: Json }[] = [];
  const handler = noticeHandler(node, async (_tx, to, body) => {
    sent.push({ to, body });
  });
  const jobs = await node.db.query<Job>(
    'select queue, key, payload, $2::int as attempt from job where queue = $1 order by key',
    [NOTICES, attempt],
  );
  const complete = await handler.run(jobs);
  await node.db.transaction(async (tx) => complete?.(tx));
  return sent;
}

/** Of the population register there is one number, and nothing may be kept back. */
const CHECKS: NoticeChecks = {
  findResident: async (_tx, number) => (number === 'KZ-T-000102' ? number : undefined),
  mayBeWithheld: () => false,
};

const receive = (kz: TestPersons, from: string, body: Json) =>
  kz.db.transaction((tx) => receiveNotice(tx, kz, from, body, CHECKS));

const proofHolds = async (node: TestPersons, state: string, proof: InclusionProof | undefined, content: unknown) => {
  assert.ok(proof !== undefined);
  const ledgerKeys = node.trust.keys(state, 'ledger');
  return (await verifyInclusion(proof, { ledgerKeys, witnesses: [], quorum: 0, content: content as Json })).verified;
};

test('a use abroad reaches her record at home with a proof of the other ledger', async (t) => {
  const { kz, ru, reference } = await homeAndAbroad(t);
  const id = await use(ru, { ...USE, subject: { home: 'kz', reference } });
  await sequenceNow(ru);
  const [notice, ...others] = await sendNotices(ru);
  assert.deepEqual([notice?.to, others], ['kz', []]);
  await receive(kz, 'ru', notice?.body ?? null);
  const [entry] = await accessRecord(kz, 'aigerim');
  assert.deepEqual(
    [
      entry?.id,
      entry?.state,
      entry?.agency,
      entry?.fields,
      entry?.purpose,
      entry?.ground,
      entry?.counter,
      entry?.receivedAt,
    ],
    [id, 'ru', USE.agency, USE.fields.toSorted(), 'pension', USE.ground, 1, '2026-03-02T09:00:00.000Z'],
  );
  const proof = (await findAccess(kz, 'aigerim', id))?.proof;
  assert.equal(entry?.proven, true);
  assert.equal(await proofHolds(kz, 'ru', proof, entry?.content), true);
  assert.equal(await proofHolds(kz, 'ru', proof, { ...entry?.content, purpose: 'else' }), false);
});

test('the same notice twice is one entry', async (t) => {
  const { kz, ru, reference } = await homeAndAbroad(t);
  await use(ru, { ...USE, subject: { home: 'kz', reference } });
  await sequenceNow(ru);
  const [notice] = await sendNotices(ru);
  await receive(kz, 'ru', notice?.body ?? null);
  await receive(kz, 'ru', notice?.body ?? null);
  assert.equal((await accessRecord(kz, 'aigerim')).length, 1);
});

test('a notice waits until its leaf stands in the tree', async (t) => {
  const { ru, reference } = await homeAndAbroad(t);
  await use(ru, { ...USE, subject: { home: 'kz', reference } });
  const sending = sendNotices(ru);
  await sequenceNow(ru);
  assert.equal((await sending).length, 1);
});

test('a notice waits some time for witnesses', async (t) => {
  const { ru, reference } = await homeAndAbroad(t);
  await use(ru, { ...USE, subject: { home: 'kz', reference } });
  await sequenceNow(ru);
  await assert.rejects(sendNotices(ru, 1), (error) => isFailure(error, 'PERSONS_NOTICE_EARLY'));
  assert.equal((await sendNotices(ru, 7)).length, 1);
});

test('a notice that lies is refused: about another state, another person, another entry, or without a proof', async (t) => {
  const { kz, ru, reference } = await homeAndAbroad(t);
  await use(ru, { ...USE, subject: { home: 'kz', reference } });
  await use(ru, { ...USE, subject: { home: 'kz', reference: 'of-nobody' } });
  await use(ru, { ...USE, subject: { home: 'am', reference } });
  await sequenceNow(ru);
  const notices = await sendNotices(ru);
  const body = notices.find((one) => JSON.stringify(one.body).includes(reference) && one.to === 'kz')?.body as {
    entry: { [member: string]: Json };
    proof: { [member: string]: Json };
  };
  const refused = (from: string, wrong: Json, code: string) =>
    assert.rejects(receive(kz, from, wrong), (error) => isFailure(error, code), JSON.stringify(wrong).slice(0, 80));
  await refused('kg', body, 'PERSONS_NOTICE_WRONG');
  await refused('ru', { ...body, entry: { ...body.entry, purpose: 'something else' } }, 'PERSONS_NOTICE_WRONG');
  await refused('ru', { ...body, entry: { ...body.entry, counter: 2 } }, 'PERSONS_NOTICE_WRONG');
  await refused('ru', { ...body, entry: { ...body.entry, note: 'more' } }, 'PERSONS_NOTICE_WRONG');
  await refused('ru', { ...body, proof: {} }, 'PERSONS_NOTICE_WRONG');
  await refused('ru', { ...body, proof: { ...body.proof, index: 1 } }, 'PERSONS_NOTICE_WRONG');
  for (const wrong of [null, [], 'x', { entry: body.entry }]) await refused('ru', wrong, 'PERSONS_NOTICE_WRONG');
  const ofNobody = notices.find((one) => JSON.stringify(one.body).includes('of-nobody'))?.body ?? null;
  await refused('ru', ofNobody, 'PERSONS_REFERENCE_UNKNOWN');
  const ofArmenia = notices.find((one) => one.to === 'am')?.body ?? null;
  await refused('ru', ofArmenia, 'PERSONS_NOTICE_WRONG');
  assert.deepEqual(await accessRecord(kz, 'aigerim'), []);
});

test('a use at home is in her record at once, and proven when the ledger has it', async (t) => {
  const { kz, reference } = await homeAndAbroad(t);
  const id = await use(kz, {
    ...USE,
    agency: 'kz.population',
    subject: { home: 'kz', reference },
    actor: 'officer-kz-1',
  });
  const before = await findAccess(kz, 'aigerim', id);
  assert.deepEqual([before?.actor, before?.proof], ['officer-kz-1', undefined]);
  await sequenceNow(kz);
  const after = await findAccess(kz, 'aigerim', id);
  assert.equal(await proofHolds(kz, 'kz', after?.proof, after?.content), true);
  assert.deepEqual(await kz.db.query('select 1 from job where queue = $1', [NOTICES]), []);
});

test('each agency counts its own uses, so that one withheld shows', async (t) => {
  const { kz, ru, reference } = await homeAndAbroad(t);
  for (let turn = 0; turn < 3; turn++) await use(ru, { ...USE, subject: { home: 'kz', reference } });
  await use(kz, { ...USE, agency: 'kz.population', subject: { home: 'kz', reference } });
  await use(kz, { ...USE, agency: 'kz.population', subject: { person: 'aigerim' } });
  await sequenceNow(ru);
  const notices = await sendNotices(ru);
  const withheld = notices.filter(({ body }) => (body as { entry: { counter: number } }).entry.counter !== 2);
  for (const { body } of withheld) await receive(kz, 'ru', body);
  assert.deepEqual(await accessCounts(kz, 'aigerim'), [
    { state: 'kz', agency: 'kz.population', counted: 2, shown: 2 },
    { state: 'ru', agency: 'ru.pension-fund', counted: 3, shown: 2 },
  ]);
});

test('uses at once are counted without a gap', async (t) => {
  const { ru, reference } = await homeAndAbroad(t);
  await Promise.all(Array.from({ length: 20 }, () => use(ru, { ...USE, subject: { home: 'kz', reference } })));
  const counters = await ru.db.query<{ counter: number }>(
    "select (content->>'counter')::int as counter from access_entries order by 1",
  );
  assert.deepEqual(
    counters.map(({ counter }) => counter),
    Array.from({ length: 20 }, (_, index) => index + 1),
  );
});

test('a use whose transaction fails leaves no entry, no count, no leaf and no notice', async (t) => {
  const { ru, reference } = await homeAndAbroad(t);
  await assert.rejects(
    ru.db.transaction(async (tx) => {
      await recordAccess(tx, ru, { ...USE, subject: { home: 'kz', reference } });
      throw new Error('no');
    }),
  );
  for (const table of ['access_entries', 'access_counters', 'ledger_pending', 'job']) {
    assert.deepEqual(await ru.db.query(`select 1 from ${table}`), [], table);
  }
});

test('a reference that home never gave cannot be recorded at home', async (t) => {
  const { kz } = await homeAndAbroad(t);
  await assert.rejects(use(kz, { ...USE, subject: { home: 'kz', reference: 'never-given' } }), (error) =>
    isFailure(error, 'PERSONS_REFERENCE_UNKNOWN'),
  );
});

test('nobody sees the record of another, and a long record is read page by page', async (t) => {
  const { kz, reference } = await homeAndAbroad(t);
  const ids: string[] = [];
  for (let turn = 0; turn < 7; turn++) {
    ids.unshift(await use(kz, { ...USE, subject: { home: 'kz', reference } }));
    if (turn % 2 === 0) kz.clock.advance(1000);
  }
  assert.deepEqual(await accessRecord(kz, 'another'), []);
  assert.equal(await findAccess(kz, 'another', ids[0] ?? ''), undefined);
  const seen: string[] = [];
  const times: string[] = [];
  for (let before: string | undefined; ; ) {
    const page = await accessRecord(kz, 'aigerim', { limit: 3, ...(before === undefined ? {} : { before }) });
    if (page.length === 0) break;
    seen.push(...page.map(({ id }) => id));
    times.push(...page.map(({ content }) => content.at));
    before = page.at(-1)?.id;
  }
  // Two uses at one moment have no order among themselves; each is shown once, on whatever page.
  assert.deepEqual(seen.toSorted(), ids.toSorted());
  assert.deepEqual(times, times.toSorted().toReversed());
  assert.deepEqual(await accessRecord(kz, 'aigerim', { application: 'another' }), []);
});

test('a use under her number at home is hers with or without an account, and a number that nobody has is refused', async (t) => {
  const { kz, ru } = await homeAndAbroad(t);
  for (const number of ['KZ-T-000102', 'KZ-T-999999']) await use(ru, { ...USE, subject: { home: 'kz', number } });
  await use(kz, { ...USE, subject: { home: 'kz', number: 'KZ-T-000101' } });
  await sequenceNow(ru);
  const notices = await sendNotices(ru);
  const of = (number: string) => notices.find(({ body }) => JSON.stringify(body).includes(number))?.body ?? null;
  await receive(kz, 'ru', of('KZ-T-000102'));
  await assert.rejects(receive(kz, 'ru', of('KZ-T-999999')), (error) => isFailure(error, 'PERSONS_REFERENCE_UNKNOWN'));
  assert.equal((await accessRecord(kz, 'aigerim')).length, 1);
  await kz.db.transaction((tx) => bindSubject(tx, kz, { subject: 'dana', localId: 'KZ-T-000102' }));
  const [entry] = await accessRecord(kz, 'dana');
  const proof = (await findAccess(kz, 'dana', entry?.id ?? ''))?.proof;
  assert.equal(await proofHolds(kz, 'ru', proof, entry?.content), true);
});

test('what was recorded for a cause is not recorded again', async (t) => {
  const { kz } = await homeAndAbroad(t);
  const once = { ...USE, subject: { person: 'aigerim' }, cause: 'call/1' };
  assert.equal(await use(kz, once), await use(kz, once));
  await use(kz, { ...once, cause: 'call/2' });
  assert.deepEqual(
    (await accessRecord(kz, 'aigerim')).map(({ counter }) => counter),
    [2, 1],
  );
});

test('a use that is kept back is seen from its day on, and until then only counted', async (t) => {
  const { kz, ru, reference } = await homeAndAbroad(t);
  const withheldUntil = '2026-04-01T00:00:00.000Z';
  await use(kz, { ...USE, subject: { person: 'aigerim' }, withheldUntil });
  await use(ru, { ...USE, subject: { home: 'kz', reference }, withheldUntil });
  const [job] = await ru.db.query<{ run_at: string }>('select run_at from job where queue = $1', [NOTICES]);
  assert.equal(job?.run_at, withheldUntil, 'her home is told on that day');
  assert.deepEqual(await accessRecord(kz, 'aigerim'), []);
  assert.deepEqual(await accessCounts(kz, 'aigerim'), [{ state: 'kz', agency: USE.agency, counted: 1, shown: 0 }]);
  await sequenceNow(ru);
  const [notice] = await sendNotices(ru);
  await receive(kz, 'ru', notice?.body ?? null);
  assert.equal((await accessRecord(kz, 'aigerim')).length, 1, 'a delay that no agreement allows is none');
  kz.clock.set(withheldUntil);
  assert.equal((await accessRecord(kz, 'aigerim')).length, 2);
});
