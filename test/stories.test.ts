import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { apply, submitStep } from '../src/cli/demo/apply.ts';
import { fillInForm, isSettled, linksTo, signIn, waitFor } from '../src/cli/demo/citizen.ts';
import { FormClient, type Page } from '../src/cli/demo/form-client.ts';
import { answersOf, type Story, type Teller, tellStory } from '../src/cli/demo/story.ts';
import { persona, startUnion, type TestUnion } from './harness/union.ts';

const SERVICE = 'pension/pension';
let running: TestUnion;
before(async () => {
  running = await startUnion();
});
after(() => running?.stop());

/** Tells a persona's story to its end; gives outcome and counted months by state. */
async function tellOf(id: string): Promise<{ story: Story; decided: Record<string, string> }> {
  const story = await tellStory(running.place, persona(id), () => undefined);
  const decided = story.cases.map(({ state, outcome, months }) => [state, `${outcome} ${months}`]);
  return { story, decided: Object.fromEntries(decided) };
}

/** Somebody signed in on the portal of a state. */
async function at(state: string, id: string): Promise<FormClient> {
  const client = new FormClient(running.place.portals[state] ?? '');
  await signIn(client, id);
  return client;
}

/** Fills in the form and has everything asked; gives the draft's evidence page once nothing is out any more. */
async function askAll(client: FormClient, who: Teller, settled = isSettled): Promise<Page> {
  const draft = await fillInForm(client, SERVICE, answersOf(who));
  const path = `/drafts/${draft}/evidence`;
  await submitStep(client, await client.open(path), 'ask');
  return waitFor(client, path, settled);
}

/** What a page shows of one state's pension fund. */
function piece(page: Page, state: string): string {
  const pieces = page.root.querySelectorAll(`main [data-state=${state}]`);
  return pieces.map((one) => one.structuredText).join('\n');
}

describe('the stories of the personas', () => {
  test('Aigerim worked in three states, and all three pay', async () => {
    const { story, decided } = await tellOf('aigerim');
    assert.deepEqual(decided, { kg: 'granted 21', kz: 'granted 18', ru: 'granted 19' });
    assert.equal(story.documents.length, 3);
    assert.ok(story.documents.every(({ verified }) => verified));
    assert.ok(story.accessRecord.every(({ proof }) => proof === 'verified'));
    assert.ok(story.ledger.every(({ witnesses }) => witnesses.length >= 3));
  });

  test('Marat is refused by one state, which does not touch the award of the other', async () => {
    const { story, decided } = await tellOf('marat');
    assert.deepEqual(decided, { by: 'refused 41', kz: 'granted 18' });
    assert.deepEqual(
      story.documents.map(({ issuer }) => issuer),
      ['kz.pension-fund'],
    );
  });

  test('eleven full months are one too few', async () => {
    assert.equal((await tellOf('nurlan')).decided.kz, 'refused 11');
  });

  test('twelve full months are enough', async () => {
    assert.equal((await tellOf('anahit')).decided.by, 'granted 12');
  });

  test('time that coincides in two states counts once', async () => {
    assert.deepEqual((await tellOf('svetlana')).decided, { by: 'refused 36', ru: 'granted 36' });
  });

  test('a woman is found under the name she bore before she married', async () => {
    assert.equal((await tellOf('gulnara')).decided.ru, 'granted 22');
  });

  test('one woman spelled in three ways is one woman', async () => {
    assert.deepEqual((await tellOf('shushanik')).decided, { am: 'granted 17', kz: 'partly 18', ru: 'granted 21' });
  });

  test('a man with a national number in each of two states is found by both', async () => {
    assert.deepEqual((await tellOf('ruslan')).decided, { kz: 'granted 12', ru: 'granted 41' });
  });

  test('of two women of one name, born on one day, each sees her own record and none of the other', async () => {
    const olga = await tellOf('olga');
    assert.deepEqual(olga.decided, { kz: 'partly 30', ru: 'granted 24' });
    const client = await at('ru', 'olga-namesake');
    const page = await askAll(client, { ...persona('olga-namesake'), works: ['ru', 'kz'] });
    assert.match(piece(page, 'kz'), /No record/i);
    assert.doesNotMatch(piece(page, 'kz'), /20[012]\d(?<!2026)/);
    await client.close();
  });

  test('with two matches in one state nothing is shown until she gives her number there', async () => {
    const dinara = persona('dinara');
    const client = await at('kz', 'dinara');
    const { numbers: _unknown, ...without } = dinara;
    const page = await askAll(client, without);
    assert.doesNotMatch(piece(page, 'ru'), /Answer received/);
    assert.doesNotMatch(piece(page, 'ru'), /20[012]\d(?<!2026)/);
    await submitStep(client, page, 'again', 'insured-periods/ru', { number: dinara.numbers?.ru ?? '' });
    const shown = await waitFor(client, page.url.pathname, isSettled);
    assert.match(piece(shown, 'ru'), /20[012]\d(?<!2026)/);
    await client.close();
  });

  test('while one state cannot be reached the others answer, and it answers when it is back', async () => {
    const viktar = persona('viktar');
    const russia = running.union.state('ru').process;
    await russia.stop();
    const client = await at('by', 'viktar');
    const waiting = await askAll(client, viktar, (page) => /Answer received/.test(piece(page, 'by')));
    assert.doesNotMatch(piece(waiting, 'ru'), /Answer received/);
    russia.start();
    await russia.ready(30_000);
    const settled = await waitFor(client, waiting.url.pathname, isSettled);
    assert.match(piece(settled, 'ru'), /Answer received/);
    await client.close();
    assert.deepEqual((await tellOf('viktar')).decided, { by: 'granted 15', ru: 'granted 36' });
  });

  /** An officer of Russia's register corrects the end of the row that has it. */
  async function correctRegister(from: string, to: string) {
    const registrar = await at('ru', 'registrar-ru');
    const opened = await registrar.submit(
      await registrar.open('/desk/registers'),
      { register: 'ru.pension-fund', number: 'RU-P-000505' },
      '/open',
    );
    const form = opened.root
      .querySelectorAll('form[action="/desk/registers/correct"]')
      .find((one) => one.querySelector('[name="column.to"]')?.getAttribute('value')?.startsWith(from));
    assert.ok(form, `the register shows the row that ends in ${from}`);
    const wrong = form.querySelector('[name="column.to"]')?.getAttribute('value') ?? '';
    const reason = 'The order of dismissal says so';
    const done = await registrar.submitForm(opened, form, { 'column.to': wrong.replace(from, to), reason });
    assert.equal(done.status, 200);
    await registrar.close();
  }

  test('a wrong year is corrected at its source, and the same question then gets another answer', async () => {
    const karen = persona('karen');
    assert.equal((await tellOf('karen')).decided.ru, 'refused 9');
    await correctRegister('2023', '2024');
    const client = await at('am', 'karen');
    await apply(client, { service: SERVICE, answers: answersOf(karen) });
    await client.close();
    assert.equal((await tellOf('karen')).decided.ru, 'granted 21');
  });

  test('a decision that rested on the wrong year is put right by a new one of two officers, and he sees which one stands', async () => {
    const client = await at('am', 'karen');
    const paths = [...(await client.open('/applications')).root.querySelectorAll('a[href^="/applications/"]')];
    const pages = await Promise.all(paths.map((link) => client.open(link.getAttribute('href') ?? '')));
    const refused = pages.find((page) => /refused/i.test(piece(page, 'ru')));
    assert.ok(refused, 'the application that was refused before the register was right');
    const path = refused.url.pathname;

    /** He has the register asked again, sends its answer along, and two officers of Russia put their decision right. */
    async function haveItCorrected(why: string) {
      const asking = `${path}/correction/ru`;
      await client.submit(await client.open(asking), { key: 'insured-periods/ru' }, '/renew');
      const come = await waitFor(
        client,
        asking,
        ({ root }) => root.querySelector('input[type=checkbox][name=key]') !== null,
      );
      const asked = await client.submit(come, { key: 'insured-periods/ru', reason: why }, '/correction/ru');
      assert.equal(asked.status, 200);
      const [one, other] = await Promise.all(['officer-ru-1', 'officer-ru-2'].map((id) => at('ru', id)));
      assert.ok(one && other);
      const queue = await waitFor(
        one,
        '/desk?queue=corrections',
        ({ root }) => root.querySelector('main a[href^="/desk/cases/"]') !== null,
      );
      const [link] = linksTo(queue, '/desk/cases/');
      const desk = `${link}/correction`;
      const reason = 'The register had the year of dismissal wrong';
      await one.submit(await one.open(desk), { article: 'design-correction', reason }, '/propose');
      const own = await one.open(desk);
      assert.equal(own.root.querySelector('form[action$="/confirm"]'), null, 'who proposed it is not asked to agree');
      const agreed = await other.submit(await other.open(desk), {}, '/confirm');
      assert.match(agreed.root.structuredText, /The new decision is signed/);
      await Promise.all([one.close(), other.close()]);
      return reason;
    }

    const reason = await haveItCorrected('The year 2024 was missing');
    const granted = await waitFor(client, path, (page) => /corrects an earlier one/.test(piece(page, 'ru')));
    assert.match(piece(granted, 'ru'), /granted/i);
    assert.ok(piece(granted, 'ru').includes(reason));
    assert.match(piece(granted, 'ru'), /The decision before/);
    const [first] = linksTo(granted, '/documents/').filter((href) => piece(granted, 'ru').length > 0 && href);
    assert.ok(first);
    assert.match((await client.open('/mailbox')).root.structuredText, /Decision corrected: Russia/);

    await correctRegister('2024', '2025');
    await haveItCorrected('It was a year later still');
    const again = await waitFor(
      client,
      path,
      (page) => (piece(page, 'ru').match(/The decision before/g) ?? []).length === 2,
    );
    const documents = again.root.querySelectorAll('main [data-state=ru] a[href^="/documents/"]');
    const [standing, replaced] = documents.map((one) => one.getAttribute('href') ?? '');
    assert.ok(standing && replaced && standing !== replaced);
    const old = await client.open(replaced);
    assert.match(old.root.structuredText, /does not count any more/);
    assert.ok(linksTo(old, '/documents/').includes(standing));
    await client.close();
  });
});
