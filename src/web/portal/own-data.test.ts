import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDraft } from '../../applications/index.ts';
import { storeFile } from '../../files/index.ts';
import { sendLetter } from '../../mailbox/index.ts';
import { giveConsent, makeLink, recordAccess } from '../../persons/index.ts';
import type { ManualClock } from '../../storage/testing.ts';
import { testWeb, visitor } from '../testing.ts';
import type { ownData } from './own-data.ts';

type OwnData = Awaited<ReturnType<typeof ownData>>;

/** What stands of a person in tables, and where her file has it; or why it has not. */
const TABLES: Record<string, string> = {
  drafts: 'drafts',
  applications: 'applications',
  held_documents: 'documents',
  letters: 'letters',
  person_links: 'links',
  person_consents: 'consents',
  given_mandates: 'mandates',
  access_entries: 'access',
  identity_accounts: 'account',
  identity_sessions: 'sessions',
  identity_passkeys: 'passkeys',
  identity_enrolments: 'enrolments',
  access_grant: 'none: of information systems',
  identity_grants: 'none: of officers',
  person_subjects: 'account',
  person_references: 'applications, each with the name under which others know her in it',
  access_counters: 'access, each entry with its number',
  register_rows: 'none: the registers are their agencies’, and what they say of her comes as evidence',
  register_keys: 'none: as the rows',
  register_matches: 'none: as the rows',
  messages_event: 'none: of information systems',
  messages_subscriber: 'none: of information systems',
  messages_subscription: 'none: of information systems',
  union_version: 'none: of states',
};

test('her file holds what stands of her in any table, and nothing of anybody else', async (t) => {
  const { ctx, app } = await testWeb(t);
  const { db, clock } = ctx;
  for (const person of ['aigerim', 'marat']) await leaveTraces(ctx, person);
  const me = visitor(app);
  await me.signIn('aigerim');
  const answer = await me.get('/profile/data');
  assert.equal(answer.headers['content-disposition'], 'attachment; filename="commonway-kz-2026-03-02.json"');
  const mine = JSON.parse(answer.body) as OwnData;
  assert.equal(mine.drafts[0]?.person, 'aigerim');
  assert.equal(mine.drafts[0]?.files[0]?.size, 5);
  assert.deepEqual(
    [mine.links, mine.consents, mine.letters, mine.access].map((one) => one.length),
    [1, 1, 1, 2],
  );
  assert.doesNotMatch(answer.body, /marat/);
  assert.doesNotMatch(answer.body, /kept-back/, 'what an agreement lets an authority keep back');
  (clock as ManualClock).set('2026-05-01T00:00:00.000Z');
  await me.signIn('aigerim');
  assert.match((await me.get('/profile/data')).body, /kept-back/);
  const tables = await db.query<{ name: string }>(
    `select distinct table_name as name from information_schema.columns
     where table_schema = 'public' and column_name in ('person', 'subject', 'account', 'local_id') order by 1`,
  );
  assert.deepEqual(
    tables.map(({ name }) => name).filter((name) => !Object.hasOwn(TABLES, name)),
    [],
  );
  for (const [table, place] of Object.entries(TABLES))
    if (/^\w+$/.test(place)) assert.ok(Object.hasOwn(mine, place), `${table} is said to stand in ${place}`);
});

test('nobody but a person who is signed in gets such a file', async (t) => {
  const { app } = await testWeb(t);
  const [stranger, officer] = [visitor(app), visitor(app)];
  await officer.signIn('officer-kz-1');
  for (const path of ['/profile', '/profile/data']) {
    assert.equal((await stranger.get(path)).statusCode, 303);
    assert.equal((await officer.get(path)).statusCode, 403);
  }
});

/** One of each kind, and a use of her data that is kept back until April. */
async function leaveTraces(ctx: Awaited<ReturnType<typeof testWeb>>['ctx'], person: string): Promise<void> {
  const { db } = ctx;
  const actor = { person, assurance: 'high', session: '1', language: 'en' } as const;
  const draft = await startDraft(ctx, actor, { agreement: 'pension', service: 'pension' });
  await db.transaction(async (tx) => {
    await storeFile(tx, ctx, { owner: draft.id, bytes: Buffer.from('%PDF-'), kinds: ['pdf'], largest: 100 });
    await sendLetter(tx, ctx, { person, cause: '1', kind: 'filed', params: { reference: person } });
    await giveConsent(tx, ctx, { subject: person, agency: 'ru.pension-fund', purpose: person, article: '7' });
    await makeLink(tx, ctx, {
      ...{ subject: person, state: 'ru', number: `RU-${person}` },
      proof: { kind: 'register', evidence: '1' },
    });
    for (const [purpose, until] of [['a'], ['b'], ['kept-back', '2026-04-01T00:00:00.000Z']] as [string, string?][])
      await recordAccess(tx, ctx, {
        subject: { person },
        ...{ agency: 'kz.pension-fund', fields: ['name'], purpose, ground: { kind: 'law', article: '7' } },
        ...(until === undefined ? {} : { withheldUntil: until }),
      });
  });
}
