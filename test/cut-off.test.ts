// One state is cut off for a whole application: before she begins until all others have decided. Then it returns.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { submitStep } from '../src/cli/demo/apply.ts';
import { fillInForm, isSettled, linksTo, signIn, waitFor } from '../src/cli/demo/citizen.ts';
import { collectAccess, collectCases, collectDocuments, fileKeeper } from '../src/cli/demo/collect.ts';
import { FormClient, type Page } from '../src/cli/demo/form-client.ts';
import { confirmQueue } from '../src/cli/demo/officer.ts';
import { answersOf } from '../src/cli/demo/story.ts';
import { texts } from '../src/texts/index.ts';
import { persona, startUnion, type TestUnion } from './harness/union.ts';
import { assertLedgers, assertWhole, onTheWay, withDatabases } from './harness/whole.ts';

const { say } = texts('en');
const VIKTAR = persona('viktar');
const SERVICE = 'pension/pension';
const HOUR_MS = 3_600_000;
/** The agreement gives a register a day to answer; so much later that is over. */
const LONGER_THAN_THE_TIME = 26 * HOUR_MS;
const PATIENCE_MS = 60_000;

let running: TestUnion;
before(async () => {
  running = await startUnion();
});
after(() => running?.stop());

async function at(state: string, id: string): Promise<FormClient> {
  const client = new FormClient(running.place.portals[state] ?? '');
  await signIn(client, id);
  return client;
}

/** Time passes for these states: their nodes end and begin again with a later clock. */
async function letPass(ms: number, states: readonly string[]): Promise<void> {
  await Promise.all(
    states.map(async (code) => {
      const { folder, process } = running.union.state(code);
      await process.stop();
      const file = join(folder, 'node.json');
      const config = JSON.parse(readFileSync(file, 'utf8')) as { clockOffsetMs: number };
      writeFileSync(file, JSON.stringify({ ...config, clockOffsetMs: config.clockOffsetMs + ms }));
      process.start();
      await process.ready(PATIENCE_MS);
    }),
  );
}

const allBut = (code: string) => running.union.states.map(({ state }) => state).filter((state) => state !== code);

/** What a page shows of one state. */
function piece(page: Page, state: string): string {
  return page.root
    .querySelectorAll(`main [data-state=${state}]`)
    .map((one) => one.structuredText)
    .join('\n');
}

const mainOf = (page: Page): string => page.root.querySelector('main')?.structuredText ?? '';
const granted = (page: Page, state: string): boolean => piece(page, state).includes(say('common.outcome.granted'));

/** The officers of a state work until none of them finds anything to confirm. */
async function workOff(state: string): Promise<number> {
  let confirmed = 0;
  for (const officer of running.place.officers[state] ?? []) {
    const desk = await at(state, officer);
    confirmed += await confirmQueue(desk);
    await desk.close();
  }
  return confirmed;
}

/** The same again and again, until her page says that it is so. */
async function until(client: FormClient, path: string, shows: (page: Page) => boolean, state: string): Promise<Page> {
  for (const end = Date.now() + PATIENCE_MS; ; await pause(200)) {
    await workOff(state);
    const page = await client.open(path);
    if (shows(page)) return page;
    assert.ok(Date.now() < end, `${path}: ${mainOf(page)}`);
  }
}

describe('a state that is cut off for a whole application', () => {
  let application: string;
  let filed: string;

  test('does not keep her from applying: once its time is over she goes on without its answer', async () => {
    await running.union.state('ru').process.stop();
    let client = await at('by', 'viktar');
    const draft = await fillInForm(client, SERVICE, answersOf(VIKTAR));
    const evidence = `/drafts/${draft}/evidence`;
    await submitStep(client, await client.open(evidence), 'ask');
    const waiting = await waitFor(client, evidence, (page) => piece(page, 'by').includes(say('common.evidence.found')));
    assert.ok(piece(waiting, 'ru').includes(say('common.evidence.asked')));
    assert.ok(!piece(waiting, 'ru').includes(say('portal.evidence.waive')));
    await client.close();

    await letPass(LONGER_THAN_THE_TIME, allBut('ru'));
    client = await at('by', 'viktar');
    const overdue = await waitFor(client, evidence, (page) => piece(page, 'ru').includes(say('portal.evidence.waive')));
    const gone = await submitStep(client, overdue, 'waive', 'insured-periods/ru');
    assert.ok(piece(gone, 'ru').includes(say('portal.evidence.unanswered.words')));
    await submitStep(client, gone, 'confirm');
    const sent = await client.submit(await client.open(`/drafts/${draft}/check`), {}, '/check');
    assert.equal(sent.url.pathname, `/applications/${draft}`);
    assert.ok(mainOf(sent).includes(say('portal.case.unanswered.title')));
    application = draft;
    const [row] = await rowsOf<{ filed: string }>('by', 'select filed_at as filed from applications where id = $1');
    filed = row?.filed ?? '';
    await client.close();
  });

  test('keeps nobody else from deciding: Belarus grants on what it has', async () => {
    const client = await at('by', 'viktar');
    const path = `/applications/${application}`;
    const page = await until(client, path, (shown) => granted(shown, 'by'), 'by');
    assert.ok(piece(page, 'ru').includes(say('portal.case.sent')));
    await client.close();
  });

  test('finds what was sent to it when it is back, opens its case with the day on which she filed, and tells her', async () => {
    await letPass(LONGER_THAN_THE_TIME, ['ru']);
    const client = await at('by', 'viktar');
    const path = `/applications/${application}`;
    const page = await waitFor(client, path, (shown) => piece(shown, 'ru').includes(say('common.evidence.late')));
    assert.ok(piece(page, 'ru').includes(say('portal.evidence.late.words')));
    const letter = say('letter.lateEvidence.title', { state: 'Russia' });
    assert.ok(mainOf(await client.open('/mailbox')).includes(letter), letter);
    const opened = await rowsOf<{ filed: string }>(
      'ru',
      `select filed_on::text as filed from cases where application = $1`,
    );
    assert.deepEqual(opened, [{ filed: filed.slice(0, 10) }]);
    await client.close();
  });

  test('refuses her nothing for its own silence: until she has added what came late, its officers have nothing to decide', async () => {
    assert.equal(await workOff('ru'), 0);
    const desk = await at('ru', running.place.officers.ru?.[0] ?? '');
    const [href] = linksTo(await desk.open('/desk'), '/desk/cases/');
    const shown = mainOf(await desk.open(href ?? ''));
    assert.ok(shown.includes(say('desk.decide.undecided')), shown);
    await desk.close();
  });

  test('decides as it would have, once she has added what came late', async () => {
    const client = await at('by', 'viktar');
    const path = `/applications/${application}`;
    const page = await client.open(path);
    await client.submit(page, {}, '/evidence');
    await until(client, path, (shown) => granted(shown, 'ru'), 'ru');
    const settled = await waitFor(client, path, isSettled);
    assert.ok(!mainOf(settled).includes(say('portal.case.unanswered.title')));
    const keep = fileKeeper(client, running.place.folder, running.place.anchors);
    const { cases } = await collectCases(client, keep, application);
    assert.deepEqual(
      cases.map(({ state, outcome, months }) => [state, `${outcome} ${months}`]),
      [
        ['by', 'granted 15'],
        ['ru', 'granted 36'],
      ],
    );
    assert.ok((await collectDocuments(client, keep, application)).every(({ verified }) => verified));
    const uses = await collectAccess(client, keep, application, 7);
    assert.ok(uses.every(({ proof }) => proof === 'verified'));
    assert.ok(uses.some(({ state, purpose }) => state === 'ru' && purpose === 'pension.decision'));
    await client.close();
  });

  test('and nothing is lost, nothing doubled, every ledger whole', async () => {
    await withDatabases(running, async (databases) => {
      for (const end = Date.now() + PATIENCE_MS; (await onTheWay(databases)) > 0; await pause(200))
        assert.ok(Date.now() < end);
      await assertWhole(databases);
      await assertLedgers(running, databases);
    });
  });

  async function rowsOf<R>(state: string, statement: string): Promise<R[]> {
    return withDatabases(
      running,
      async (databases) => (await databases[state]?.query<R>(statement, [application])) ?? [],
    );
  }
});

describe('a state that falls silent after she has been answered', () => {
  test('takes the application days later, and decides by the day on which she filed', async () => {
    // Its process is frozen: connections are taken and nothing comes back, as behind a broken line.
    const { process: russia } = running.union.state('ru');
    const client = await at('by', 'viktar');
    const draft = await fillInForm(client, SERVICE, answersOf(VIKTAR));
    const evidence = `/drafts/${draft}/evidence`;
    await submitStep(client, await client.open(evidence), 'ask');
    await submitStep(client, await waitFor(client, evidence, isSettled), 'confirm');
    russia.kill('SIGSTOP');
    const sent = await client.submit(await client.open(`/drafts/${draft}/check`), {}, '/check');
    const path = sent.url.pathname;
    await until(client, path, (page) => granted(page, 'by'), 'by');
    assert.ok(piece(await client.open(path), 'ru').includes(say('portal.case.sent')));
    russia.kill('SIGCONT');
    await until(client, path, (page) => granted(page, 'ru'), 'ru');
    await client.close();
  });
});
