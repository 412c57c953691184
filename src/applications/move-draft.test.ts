import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Agreement, agreementLibrary } from '../agreements/index.ts';
import { isFailure } from '../storage/index.ts';
import { sealRatification } from '../union/index.ts';
import { askEvidence } from './ask.ts';
import { openDraft, startDraft } from './drafts.ts';
import { evidenceCards } from './evidence-rows.ts';
import { journey, submit } from './index.ts';
import { replayDrafts } from './replay.ts';
import { rememberPage } from './submit.ts';
import { actor, fill, filledDraft, ratify, readyDraft, send, type TestHome, testHome } from './testing.ts';

const refused = (code: string) => (error: unknown) => isFailure(error, code);

/** The agreement with one more question that must be answered, as another contract. */
function nextOf(agreement: Agreement): Agreement {
  const service = agreement.services.pension;
  const consent = service?.fields.consent;
  assert.ok(service && consent);
  const form = service.form.map((page) =>
    page.name === 'contact' ? { ...page, fields: [...page.fields, 'callMe'] } : page,
  );
  const pension = { ...service, form, fields: { ...service.fields, callMe: { ...consent, name: 'callMe' } } };
  return {
    ...agreement,
    version: '7.0.0',
    contractDigest: 'b'.repeat(64),
    services: { ...agreement.services, pension },
  };
}

function withNext(home: TestHome): { ctx: TestHome['ctx']; next: Agreement } {
  const next = nextOf(home.agreement);
  return { ctx: { ...home.ctx, agreements: agreementLibrary([home.agreement, next]) }, next };
}

/** A state ends a contract on a day. */
async function withdraw({ ctx, founded, agreement }: TestHome, state: string, day: string): Promise<void> {
  const word = {
    state,
    agreement: agreement.name,
    contract: agreement.contractDigest,
    annex: agreement.annexes[state]?.digest ?? '',
    from: day,
    until: day,
    issued: ctx.clock.now(),
  };
  const key = founded.keys[state]?.ratification;
  assert.ok(key);
  ctx.clock.advance(1);
  await ctx.trust.learnRatification(sealRatification({ ...word, issued: ctx.clock.now() }, key));
}

test('a draft follows the contract that runs: answers come along, the new question is asked, evidence is asked anew', async (t) => {
  const home = await testHome(t);
  const id = await filledDraft(home);
  await askEvidence(home.ctx, actor(), id);
  const { ctx, next } = withNext(home);
  const before = await openDraft(ctx, actor(), id);
  assert.equal(before.agreement.contractDigest, home.agreement.contractDigest, 'nobody has ratified it yet');
  await ratify(ctx.trust, home.founded, next);
  const { draft, agreement } = await openDraft(ctx, actor(), id);
  assert.equal(agreement.contractDigest, next.contractDigest);
  assert.equal(draft.contract, next.contractDigest);
  assert.deepEqual(draft.answers, before.draft.answers);
  assert.equal(draft.moved, ctx.clock.now());
  assert.deepEqual(await evidenceCards(ctx.db, id), []);
  const open = journey(ctx, { draft, agreement, service: agreement.services.pension as never }).filter(
    ({ complete }) => !complete,
  );
  assert.deepEqual(
    open.map(({ name }) => name),
    ['contact'],
  );
  await fill(ctx, actor(), id, 'contact', { contactLanguage: 'en', callMe: true });
});

test('a page that was shown before the draft moved cannot be sent any more', async (t) => {
  const home = await testHome(t);
  const id = await readyDraft(home);
  const page = await rememberPage(home.ctx, actor(), id, 'page');
  const { ctx, next } = withNext(home);
  await ratify(ctx.trust, home.founded, next);
  await openDraft(ctx, actor(), id);
  await assert.rejects(submit(ctx, actor(), id, page), refused('DRAFT_INCOMPLETE'));
});

test('two windows that open it at the same moment move it once', async (t) => {
  const home = await testHome(t);
  const id = await filledDraft(home);
  const { ctx, next } = withNext(home);
  await ratify(ctx.trust, home.founded, next);
  const opened = await Promise.all([1, 2, 3].map(() => openDraft(ctx, actor(), id)));
  assert.deepEqual([...new Set(opened.map(({ draft }) => draft.contract))], [next.contractDigest]);
  const [row] = await ctx.db.query<{ revision: number }>('select revision from drafts where id = $1', [id]);
  assert.equal(row?.revision, opened[0]?.draft.revision);
});

test('one state that has not ratified keeps all drafts under the contract that all have', async (t) => {
  const home = await testHome(t);
  const id = await filledDraft(home);
  const { ctx, next } = withNext(home);
  await ratify(ctx.trust, home.founded, next, ['am', 'by', 'kg', 'kz']);
  assert.equal((await openDraft(ctx, actor(), id)).draft.contract, home.agreement.contractDigest);
  const fresh = await startDraft(ctx, actor(), { agreement: 'pension', service: 'pension' });
  assert.equal(fresh.contract, home.agreement.contractDigest);
});

test('after a withdrawal nothing is begun or sent; what was sent stays, and the day before all goes on', async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const sent = await send(home, await readyDraft(home));
  const waiting = await readyDraft(home);
  await withdraw(home, 'ru', '2026-11-24');
  await startDraft(ctx, actor(), { agreement: 'pension', service: 'pension' });
  ctx.clock.advance(2 * 86_400_000);
  await assert.rejects(
    startDraft(ctx, actor(), { agreement: 'pension', service: 'pension' }),
    refused('AGREEMENT_NOT_RATIFIED'),
  );
  await assert.rejects(send(home, waiting), refused('AGREEMENT_NOT_RATIFIED'));
  const [row] = await ctx.db.query<{ status: string }>('select status from applications where id = $1', [sent]);
  assert.equal(row?.status, 'submitted');
});

test('after a withdrawal of the newest contract the one before runs again, and drafts follow it back', async (t) => {
  const home = await testHome(t);
  const { ctx, next } = withNext(home);
  await ratify(ctx.trust, home.founded, next);
  const draft = await startDraft(ctx, actor(), { agreement: 'pension', service: 'pension' });
  assert.equal(draft.contract, next.contractDigest);
  await withdraw({ ...home, ctx, agreement: next }, 'kg', '2026-11-23');
  ctx.clock.advance(86_400_000);
  const opened = await openDraft(ctx, actor(), draft.id);
  assert.equal(opened.draft.contract, home.agreement.contractDigest);
});

test('the replay tells what a version would do to drafts, and does nothing to them', async (t) => {
  const home = await testHome(t);
  const id = await filledDraft(home);
  const before = await home.ctx.db.query('select * from drafts');
  const { ctx, next } = withNext(home);
  const [told, ...others] = await replayDrafts(ctx, next, 10);
  assert.deepEqual(others, []);
  assert.deepEqual(told, { draft: id, pagesAdded: [], pagesRemoved: [], newlyOpen: ['callMe'], left: [], lost: false });
  assert.deepEqual(await home.ctx.db.query('select * from drafts'), before);
  assert.equal((await replayDrafts(ctx, { ...next, services: {} }, 10))[0]?.lost, true);
});
