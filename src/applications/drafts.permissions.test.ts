import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../storage/index.ts';
import { askAgain, askEvidence, waiveEvidence } from './ask.ts';
import { decisionFile } from './decision-file.ts';
import { openDrafts } from './draft-rows.ts';
import { discardDraft, openDraft, saveAnswers } from './drafts.ts';
import { getHeldDocument, heldDocuments } from './held-documents.ts';
import { applicationsOf, getApplication } from './read.ts';
import { confirmEvidence, rememberPage, submit } from './submit.ts';
import { actor, readyDraft, send, testHome } from './testing.ts';

const STRANGER = actor('marat');
const KEY = 'insured-periods/ru';

test("another person's draft is as if it were not there", async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  const page = await rememberPage(ctx, actor(), id, 'page');
  const before = await openDraft(ctx, actor(), id);
  for (const [what, attempt] of Object.entries({
    open: () => openDraft(ctx, STRANGER, id),
    save: () => saveAnswers(ctx, STRANGER, id, 'contact', { contactLanguage: 'ru' }),
    ask: () => askEvidence(ctx, STRANGER, id),
    again: () => askAgain(ctx, STRANGER, id, KEY, 'RU-P-1'),
    waive: () => waiveEvidence(ctx, STRANGER, id, KEY),
    confirm: () => confirmEvidence(ctx, STRANGER, id),
    remember: () => rememberPage(ctx, STRANGER, id, 'page'),
    submit: () => submit(ctx, STRANGER, id, page),
    discard: () => discardDraft(ctx, STRANGER, id),
  })) {
    await assert.rejects(attempt(), (error) => isFailure(error, 'DRAFT_NOT_FOUND'), what);
  }
  assert.deepEqual(await openDrafts(ctx.db, STRANGER.person, ctx.clock.now()), []);
  assert.deepEqual(await openDraft(ctx, actor(), id), before);
});

test("another person's application and documents are as if they were not there", async (t) => {
  const home = await testHome(t);
  const { ctx } = home;
  const id = await readyDraft(home);
  await send(home, id);
  const absent = (error: unknown) => isFailure(error, 'APPLICATION_NOT_FOUND');
  await assert.rejects(getApplication(ctx.db, STRANGER.person, id), absent);
  await assert.rejects(decisionFile(ctx, STRANGER, id, 'kz'), absent);
  await assert.rejects(submit(ctx, STRANGER, id, 'a'.repeat(64)), (error) => isFailure(error, 'DRAFT_NOT_FOUND'));
  assert.deepEqual(await applicationsOf(ctx.db, STRANGER.person), []);
  await ctx.db.query(
    `insert into held_documents (person, id, application, type, state, agency, credential, paper, received_at)
     values ('aigerim', 'd-1', $1, 'x', 'ru', 'ru.pension-fund', 'c', 'p', now())`,
    [id],
  );
  assert.equal((await getHeldDocument(ctx.db, 'aigerim', 'd-1')).id, 'd-1');
  await assert.rejects(getHeldDocument(ctx.db, STRANGER.person, 'd-1'), (error) =>
    isFailure(error, 'DOCUMENT_NOT_FOUND'),
  );
  assert.deepEqual(await heldDocuments(ctx.db, STRANGER.person), []);
});
