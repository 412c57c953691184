import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Db, isFailure, type StoreContext, type Tx } from '../storage/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import { findConsent, giveConsent, listConsents, withdrawConsent } from './consents.ts';
import { migrations } from './index.ts';
import { findLinks, listLinks, makeLink, revokeLink } from './links.ts';
import { bindSubject, findSubjectOf, localIdOf, referenceFor, subjectOfReference } from './subjects.ts';

async function store(t: TestContext) {
  const db: Db = await freshDb(t, [migrations]);
  const ctx = { db, clock: manualClock('2026-03-02T09:00:00.000Z') };
  const within = <T>(work: (tx: Tx, ctx: StoreContext) => Promise<T>) => db.transaction((tx) => work(tx, ctx));
  return { ...ctx, within };
}

const CONSENT = {
  subject: 'aigerim',
  agency: 'ru.pension-fund',
  purpose: 'pension',
  article: 'art-7',
  application: 'application-1',
  until: '2026-04-01T00:00:00.000Z',
};

test('a consent is one however often it is given, and ends when it is withdrawn or over', async (t) => {
  const { db, clock, within } = await store(t);
  const id = await within((tx, ctx) => giveConsent(tx, ctx, CONSENT));
  assert.equal(await within((tx, ctx) => giveConsent(tx, ctx, CONSENT)), id);
  const other = await within((tx, ctx) => giveConsent(tx, ctx, { ...CONSENT, application: 'application-2' }));
  assert.notEqual(other, id);
  const standing = () => findConsent(db, { db, clock }, { subject: 'aigerim', id });
  assert.deepEqual(await standing(), { ...CONSENT, id, givenAt: '2026-03-02T09:00:00.000Z' });
  assert.equal(await findConsent(db, { db, clock }, { subject: 'another', id }), undefined);
  clock.set('2026-04-01T00:00:00.000Z');
  assert.equal(await standing(), undefined);
  clock.set('2026-03-03T00:00:00.000Z');
  await within((tx, ctx) => withdrawConsent(tx, ctx, { subject: 'aigerim', id }));
  assert.equal(await standing(), undefined);
  clock.advance(1000);
  await within((tx, ctx) => withdrawConsent(tx, ctx, { subject: 'aigerim', id }));
  const listed = (await listConsents(db, 'aigerim')).find((one) => one.id === id);
  assert.equal(listed?.withdrawnAt, '2026-03-03T00:00:00.000Z');
  assert.notEqual(await within((tx, ctx) => giveConsent(tx, ctx, CONSENT)), id);
});

test('nobody withdraws the consent or revokes the link of another', async (t) => {
  const { within } = await store(t);
  const consent = await within((tx, ctx) => giveConsent(tx, ctx, CONSENT));
  const proof = { kind: 'register' as const, evidence: 'e-1' };
  const link = await within((tx, ctx) =>
    makeLink(tx, ctx, { subject: 'aigerim', state: 'ru', number: 'RU-P-1', proof }),
  );
  await assert.rejects(
    within((tx, ctx) => withdrawConsent(tx, ctx, { subject: 'another', id: consent })),
    (error) => isFailure(error, 'PERSONS_CONSENT_UNKNOWN'),
  );
  await assert.rejects(
    within((tx, ctx) => revokeLink(tx, ctx, { subject: 'another', id: link })),
    (error) => isFailure(error, 'PERSONS_LINK_UNKNOWN'),
  );
});

test('a link is made once, is seen, and is used no more when it is revoked', async (t) => {
  const { db, clock, within } = await store(t);
  const proof = { kind: 'register' as const, evidence: 'e-1' };
  const make = (number: string, state = 'ru') =>
    within((tx, ctx) => makeLink(tx, ctx, { subject: 'aigerim', state, number, proof }));
  const id = await make('RU-P-1');
  assert.equal(await make('RU-P-1'), id);
  await make('KG-P-1', 'kg');
  assert.deepEqual(
    (await findLinks(db, 'aigerim', 'ru')).map(({ number }) => number),
    ['RU-P-1'],
  );
  clock.advance(1000);
  await within((tx, ctx) => revokeLink(tx, ctx, { subject: 'aigerim', id }));
  assert.deepEqual(await findLinks(db, 'aigerim', 'ru'), []);
  assert.notEqual(await make('RU-P-1'), id);
  assert.deepEqual(
    (await listLinks(db, 'aigerim')).map(({ number, revokedAt }) => [number, revokedAt]),
    [
      ['RU-P-1', undefined],
      ['KG-P-1', undefined],
      ['RU-P-1', '2026-03-02T09:00:01.000Z'],
    ],
  );
  assert.deepEqual(await findLinks(db, 'another'), []);
});

test('an account is bound to one person for good', async (t) => {
  const { db, within } = await store(t);
  const bind = (subject: string, localId: string) => within((tx, ctx) => bindSubject(tx, ctx, { subject, localId }));
  await bind('aigerim', 'KZ-T-1');
  await bind('aigerim', 'KZ-T-1');
  for (const [subject, localId] of [
    ['aigerim', 'KZ-T-2'],
    ['another', 'KZ-T-1'],
  ] as const) {
    await assert.rejects(bind(subject, localId), (error) => isFailure(error, 'PERSONS_SUBJECT_TAKEN'));
  }
  assert.equal(await localIdOf(db, 'aigerim'), 'KZ-T-1');
  assert.equal(await findSubjectOf(db, ['KZ-T-9', 'KZ-T-1']), 'aigerim');
  await assert.rejects(localIdOf(db, 'nobody'), (error) => isFailure(error, 'PERSONS_SUBJECT_UNKNOWN'));
});

test('references of two applications have nothing in common', async (t) => {
  const { db, within } = await store(t);
  const referenceOf = (application: string) =>
    within((tx, ctx) => referenceFor(tx, ctx, { subject: 'aigerim', application }));
  const first = await referenceOf('application-1');
  assert.equal(await referenceOf('application-1'), first);
  assert.notEqual(await referenceOf('application-2'), first);
  assert.equal(await subjectOfReference(db, first), 'aigerim');
  await assert.rejects(subjectOfReference(db, 'x'), (error) => isFailure(error, 'PERSONS_REFERENCE_UNKNOWN'));
});
