// Who may publish: an agency with a part in the agreement, and a second person of the same state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey, seal } from '../../crypto/index.ts';
import { isFailure } from '../../storage/index.ts';
import { editionOf } from './edition.ts';
import { listEditions } from './edition-rows.ts';
import { takeEdition } from './take.ts';
import { NOW, parking, publishedBy, signers, testPublisher } from './testing.ts';

const refused = (code: string) => (error: unknown) => isFailure(error, code);

test('an edition with both signatures is taken, and taken again changes nothing', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const sealed = publishedBy(founded, parking());
  assert.equal(await takeEdition(ctx, sealed), true);
  assert.equal(await takeEdition(ctx, sealed), false);
  assert.equal((await listEditions(db)).length, 1);
  const leaves = async () => (await db.query('select 1 from ledger_opening')).length;
  const before = await leaves();
  assert.equal(await takeEdition(ctx, sealed), false);
  assert.equal(await leaves(), before);
});

test('an agency alone publishes nothing', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const { agency } = signers(founded);
  await assert.rejects(
    takeEdition(ctx, publishedBy(founded, parking(), { keys: [agency] })),
    refused('AGREEMENT_EDITION_ALONE'),
  );
  assert.deepEqual(await listEditions(db), []);
});

test('a second person alone publishes nothing', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const { approver } = signers(founded);
  await assert.rejects(
    takeEdition(ctx, publishedBy(founded, parking(), { keys: [approver] })),
    refused('AGREEMENT_EDITION_FORGED'),
  );
});

test('keys of other states, of other purposes, and of nobody are no second person', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const { agency } = signers(founded);
  const foreign = signers(founded, 'kg').approver;
  const own = founded.keys.kz;
  for (const key of [foreign, own?.ratification, own?.messages, own?.agencies['kz.pension-fund'], generateKey()]) {
    assert.ok(key);
    const sealed = publishedBy(founded, parking(), { keys: [agency, key] });
    await assert.rejects(takeEdition(ctx, sealed), refused('AGREEMENT_EDITION_FORGED'));
  }
});

test('an agency without a role in the agreement publishes nothing, even with a second person', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const key = founded.keys.kz?.agencies['kz.pension-fund'];
  assert.ok(key);
  const edition = editionOf(parking(), { state: 'kz', agency: 'kz.pension-fund', issued: NOW, follows: null });
  await assert.rejects(
    takeEdition(ctx, seal('agreement', edition, [key, signers(founded).approver])),
    refused('AGREEMENT_PUBLISHER_UNFIT'),
  );
});

test('nobody publishes in the name of another state, or for the future', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const { agency, approver } = signers(founded);
  const edition = editionOf(parking(), { state: 'kg', agency: 'kg.portal', issued: NOW, follows: null });
  await assert.rejects(
    takeEdition(ctx, seal('agreement', edition, [agency, approver])),
    refused('AGREEMENT_EDITION_FORGED'),
  );
  const early = publishedBy(founded, parking(), { issued: '2026-03-02T06:02:00.000Z' });
  await assert.rejects(takeEdition(ctx, early), refused('AGREEMENT_EDITION_EARLY'));
});

test('an edition that says other digests than its files have is refused, whoever signed it', async (t) => {
  const { ctx, founded } = await testPublisher(t);
  const { agency, approver } = signers(founded);
  const { payload } = publishedBy(founded, parking());
  const lies = [
    { contract: 'a'.repeat(64) },
    { texts: 'b'.repeat(64) },
    { version: '9.0.0' },
    { parties: ['kz'] },
    { annexes: { ...payload.annexes, kg: 'c'.repeat(64) } },
    {
      files: {
        ...payload.files,
        'texts/en.yaml': `${payload.files['texts/en.yaml']}\n`.replace('Parking in', 'Parked in'),
      },
    },
  ];
  for (const lie of lies) {
    const sealed = seal('agreement', { ...payload, ...lie }, [agency, approver]);
    await assert.rejects(takeEdition(ctx, sealed), refused('AGREEMENT_EDITION_DIGEST'), Object.keys(lie).join());
  }
  for (const [path, text] of [
    ['../../etc/passwd', 'x'],
    ['agreement.yml', 'x'],
    ['texts/en.yaml', 'x'.repeat(200_000)],
  ] as const) {
    const odd = seal('agreement', { ...payload, files: { ...payload.files, [path]: text } }, [agency, approver]);
    await assert.rejects(takeEdition(ctx, odd), refused('AGREEMENT_NOT_LOADED'), path);
  }
  const more = seal('agreement', { ...payload, note: 'x' } as typeof payload, [agency, approver]);
  await assert.rejects(takeEdition(ctx, more), refused('AGREEMENT_EDITION_FORM'));
});

test('a state that publishes without end is stopped for the day', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const sealed = publishedBy(founded, parking());
  await db.query(
    `insert into agreement_editions (digest, agreement, contract, state, issued, sealed, taken_at)
     select 'digest ' || n, 'parking', 'x', 'kz', $1, '', $1 from generate_series(1, 50) n`,
    [NOW],
  );
  await assert.rejects(takeEdition(ctx, sealed), refused('AGREEMENT_EDITION_TOO_MANY'));
  ctx.clock.advance(25 * 3_600_000);
  assert.equal(await takeEdition(ctx, sealed), true);
});
