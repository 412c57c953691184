import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contractInCommon } from '../in-force.ts';
import { edit } from '../testing.ts';
import { openLibrary } from './open-library.ts';
import { takeEdition } from './take.ts';
import { agreementIn, NOW, numbered, parking, publishedBy, ratifyAt, TODAY, testPublisher } from './testing.ts';
import { whatToRatify, wordsOf } from './word.ts';

const LATER = '2026-03-02T07:00:00.000Z';

test('a contract runs when every one of its parties has ratified it, and the newest of those', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const [first, second] = [publishedBy(founded, parking()), publishedBy(founded, parking(numbered('1.10.0')))];
  const library = await openLibrary(ctx);
  await takeEdition(ctx, first);
  await takeEdition(ctx, second);
  await library.refresh();
  assert.equal(library.versions('parking')[0]?.contract, second.payload.contract, '1.10.0 comes after 1.0.0');
  const runs = () => contractInCommon(library.versions('parking'), ctx.trust, 'parking', TODAY)?.version;
  assert.equal(runs(), undefined);
  for (const state of ['kg', 'kz']) await ratifyAt(ctx.trust, founded, first.payload, { state });
  assert.equal(runs(), '1.0.0');
  await ratifyAt(ctx.trust, founded, second.payload, { state: 'kz' });
  assert.equal(runs(), '1.0.0', 'one of two is not enough');
  assert.equal(library.newest('parking')?.version, '1.0.0');
  await ratifyAt(ctx.trust, founded, second.payload, { state: 'kg', from: '2026-03-03' });
  assert.equal(runs(), '1.0.0', 'nor is tomorrow');
  ctx.clock.advance(24 * 3_600_000);
  assert.equal(library.newest('parking')?.version, '1.10.0');
});

test('a correction of one annex stops nobody: until its day the old one holds, from then the new', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const first = publishedBy(founded, parking());
  const corrected = publishedBy(
    founded,
    parking((files) => edit(files, 'annexes/kg/annex.yaml', '20 + 5', '20 + 6')),
    {
      state: 'kg',
    },
  );
  assert.equal(corrected.payload.contract, first.payload.contract);
  await takeEdition(ctx, first);
  await takeEdition(ctx, corrected);
  for (const state of ['kg', 'kz']) await ratifyAt(ctx.trust, founded, first.payload, { state });
  await ratifyAt(ctx.trust, founded, corrected.payload, { state: 'kg', from: '2026-03-10', issued: LATER });
  const library = await openLibrary(ctx);
  const { contract } = first.payload;
  const annexOn = (on: string) => library.byContract(contract, { on })?.annexes.kg?.digest;
  assert.equal(annexOn('2026-03-09'), first.payload.annexes.kg);
  assert.equal(annexOn('2026-03-10'), corrected.payload.annexes.kg);
  for (const day of ['2026-03-09', '2026-03-10']) {
    assert.equal(contractInCommon(library.versions('parking'), ctx.trust, 'parking', day)?.contract, contract);
  }
  const pinned = library.byContract(contract, { on: '2026-04-01', annexes: { kg: first.payload.annexes.kg ?? '' } });
  assert.equal(pinned?.annexes.kg?.digest, first.payload.annexes.kg, 'a case keeps the annex it was filed under');
  const rule = (on: string) => library.byContract(contract, { on })?.annexes.kg?.rules.rate?.versions[0]?.text;
  assert.deepEqual([rule('2026-03-09'), rule('2026-03-10')], ['20 + 5', '20 + 6']);
});

test('texts are those that this state ratified: what another publishes for the same contract is not shown', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const first = publishedBy(founded, parking());
  const insolent = publishedBy(
    founded,
    parking((files) => edit(files, 'texts/en.yaml', 'Parking in', 'Pay me in')),
    {
      state: 'kg',
    },
  );
  await takeEdition(ctx, first);
  await takeEdition(ctx, insolent);
  for (const state of ['kg', 'kz']) await ratifyAt(ctx.trust, founded, first.payload, { state });
  await ratifyAt(ctx.trust, founded, insolent.payload, { state: 'kg', from: TODAY, issued: LATER });
  const library = await openLibrary(ctx);
  const title = (texts?: string) => {
    const agreement = library.byContract(first.payload.contract, texts === undefined ? {} : { texts });
    return agreement?.text('en', agreement.title);
  };
  assert.match(title() ?? '', /^Parking in/);
  assert.match(
    title(insolent.payload.texts) ?? '',
    /^Pay me in/,
    'what was decided in them can still be shown as it was',
  );
  const { annex, texts } = await whatToRatify(ctx.db, ctx.trust, {
    agreement: 'parking',
    start: first.payload.contract.slice(0, 16),
    day: TODAY,
  });
  assert.deepEqual([annex, texts], [first.payload.annexes.kz, first.payload.texts]);
});

test('another process of the node sees a version and a word after it has looked, and an old version stays', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const other = await openLibrary(ctx);
  const first = publishedBy(founded, parking());
  await takeEdition(ctx, first);
  assert.equal(other.byContract(first.payload.contract), undefined);
  await other.refresh();
  assert.equal(other.byContract(first.payload.contract)?.name, 'parking');
  for (const version of ['1.1.0', '1.2.0', '2.0.0'])
    await takeEdition(ctx, publishedBy(founded, parking(numbered(version))));
  await other.refresh();
  assert.equal(other.byContract(first.payload.contract)?.version, '1.0.0');
  assert.deepEqual(
    other.versions('parking').map(({ version }) => version),
    ['2.0.0', '1.2.0', '1.1.0', '1.0.0'],
  );
});

test('a row that somebody changed in the store is not run, and the operator is told', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const sealed = publishedBy(founded, parking());
  await takeEdition(ctx, sealed);
  await db.query(
    `update agreement_editions set sealed = convert_to(replace(convert_from(sealed, 'UTF8'), '20 + 5', '20 + 9'), 'UTF8')`,
  );
  const told: string[] = [];
  const library = await openLibrary(ctx, (reason) => told.push(reason));
  assert.equal(library.byContract(sealed.payload.contract), undefined);
  assert.match(told.join(), /damaged/);
});

test('a withdrawal ends a contract on its day and changes nothing before it', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const sealed = publishedBy(founded, parking());
  await takeEdition(ctx, sealed);
  for (const state of ['kg', 'kz']) await ratifyAt(ctx.trust, founded, sealed.payload, { state });
  await ratifyAt(ctx.trust, founded, sealed.payload, {
    state: 'kg',
    from: '2026-06-01',
    until: '2026-06-01',
    issued: LATER,
  });
  const library = await openLibrary(ctx);
  const runs = (day: string) => contractInCommon(library.versions('parking'), ctx.trust, 'parking', day)?.version;
  assert.deepEqual([runs('2026-05-31'), runs('2026-06-01'), runs('2027-01-01')], ['1.0.0', undefined, undefined]);
  assert.deepEqual(
    wordsOf(ctx.trust, { state: 'kg', agreement: 'parking', day: TODAY }).map(({ when, from }) => [when, from]),
    [
      ['now', '2026-01-01'],
      ['later', '2026-06-01'],
    ],
  );
  // What was filed before keeps what it was filed under.
  assert.equal(library.byContract(agreementIn(sealed).contractDigest, { on: '2026-05-31' })?.version, '1.0.0');
  assert.ok(NOW < LATER);
});
