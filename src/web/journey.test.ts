import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { importCsv } from '../registers/index.ts';
import { type TestVisitor, testWeb, visitor } from './testing.ts';

async function begun(me: TestVisitor): Promise<string> {
  await me.signIn('aigerim');
  const { headers } = await me.send('/services/pension/pension', '/services/pension/pension/start');
  return String(headers.location);
}

const answer = (me: TestVisitor, draft: string, page: string, fields: Record<string, string | string[]>) =>
  me.send(`${draft}/pages/${page}`, `${draft}/pages/${page}`, fields);

test('search finds a service in any of the six languages, and says when it finds none', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  for (const words of ['pension', 'ПЕНС', 'зейнетақы', 'пенсия', 'կենսաթոշակ', 'пенсія', '']) {
    const { body } = await me.get(`/services?q=${encodeURIComponent(words)}`);
    assert.match(body, /href="\/services\/pension\/pension"/, words);
  }
  const none = await me.get('/services?q=%3Cscript%3Ealert(1)%3C/script%3E');
  assert.doesNotMatch(none.body, /<script>alert/);
  assert.match(none.body, /No service was found/);
});

test('a service that is not there is a page that says so', async (t) => {
  const { app } = await testWeb(t);
  for (const path of ['/services/pension/none', '/services/none/pension', '/services/pension/constructor']) {
    const { statusCode, body } = await visitor(app).get(path);
    assert.equal(statusCode, 404, path);
    assert.match(body, /SERVICE_NOT_FOUND/);
  }
});

test('the journey goes page by page, back to the check after a change, and forgets what is no longer reached', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const draft = await begun(me);
  assert.match(draft, /^\/drafts\/[0-9a-f-]{36}$/);
  const next = async (page: string, fields: Record<string, string | string[]>) =>
    String((await answer(me, draft, page, fields)).headers.location);
  assert.equal(await next('work', { statesOfWork: ['', 'kz', 'ru'] }), `${draft}/pages/numbers`);
  assert.equal(await next('numbers', { 'foreignNumbers.ru': 'RU-P-000101' }), `${draft}/pages/claim`);
  const claim = { kindOfPension: 'old-age', payingStates: ['', 'kz', 'ru'] };
  assert.equal(await next('claim', claim), `${draft}/pages/consent`);
  assert.equal(await next('consent', { consent: 'yes' }), `${draft}/pages/contact`);
  assert.equal(await next('contact', { contactLanguage: 'kk' }), `${draft}/evidence`);
  const list = (await me.get(draft)).body;
  assert.equal((list.match(/Done/g) ?? []).length, 5);
  assert.match((await me.get(`${draft}/pages/numbers`)).body, /value="RU-P-000101"/);
});

test('a wrong page comes back with what was typed, the summary first, and each message at its field', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const draft = await begun(me);
  const wrong = await answer(me, draft, 'work', { statesOfWork: [''] });
  assert.equal(wrong.statusCode, 400);
  assert.match(wrong.body, /<title>Error: /);
  const summary = wrong.body.indexOf('class="cw-errors"');
  assert.ok(summary > 0 && summary < wrong.body.indexOf('<form method="post" action="/drafts'));
  assert.match(wrong.body, /role="alert"[^>]*autofocus/);
  assert.match(wrong.body, /href="#statesOfWork"/);
  assert.match(wrong.body, /id="statesOfWork"/);
  assert.match(wrong.body, /aria-describedby="[^"]*statesOfWork-error/);
});

test('a page that the answers do not lead to is not there', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const draft = await begun(me);
  assert.equal((await me.get(`${draft}/pages/numbers`)).statusCode, 404);
  assert.equal((await me.get(`${draft}/pages/constructor`)).statusCode, 404);
  for (const later of ['evidence', 'forecast', 'check']) {
    assert.equal((await me.get(`${draft}/${later}`)).headers.location, `${draft}/pages/work`, later);
  }
});

test('nobody sees or changes another person’s draft', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const draft = await begun(me);
  const other = visitor(app);
  await other.signIn('marat');
  for (const path of [
    draft,
    `${draft}/pages/work`,
    `${draft}/evidence`,
    `${draft}/check`,
    `/applications/${draft.slice(8)}`,
  ]) {
    assert.equal((await other.get(path)).statusCode, 404, path);
  }
  const token = /name="formToken" value="([^"]+)"/.exec((await other.get('/applications')).body)?.[1] ?? '';
  const fields = { formToken: token, statesOfWork: 'kz' };
  assert.equal((await other.post(`${draft}/pages/work`, fields)).statusCode, 404);
  assert.equal((await other.post(`${draft}/discard`, { formToken: token })).statusCode, 404);
  assert.equal((await me.get(draft)).statusCode, 200);
});

test('a draft can be thrown away, and is gone', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const draft = await begun(me);
  const asked = await me.get(`${draft}/discard`);
  assert.match(asked.body, /cannot be undone/);
  assert.equal((await me.get(draft)).statusCode, 200, 'looking at the question throws nothing away');
  const { location = '' } = (await me.send(`${draft}/discard`, `${draft}/discard`)).headers;
  assert.match((await me.get(location)).body, /has been thrown away/);
  assert.equal((await me.get(draft)).statusCode, 404);
});

test('before anything is asked she sees whom, what for and on which ground', async (t) => {
  const { app, ctx } = await testWeb(t);
  const me = visitor(app);
  const people = readFileSync(join(process.env.COMMONWAY_ROOT ?? '', 'seeds', 'kz', 'population.csv'), 'utf8');
  const [head = '', ...rows] = people.split('\n');
  const hers = rows.filter((row) => row.includes('KZ-T-000101'));
  await importCsv(ctx, { register: 'kz.population', agency: 'kz.population', source: [head, ...hers, ''].join('\n') });
  const draft = await begun(me);
  await answer(me, draft, 'work', { statesOfWork: ['', 'kz', 'ru'] });
  await answer(me, draft, 'claim', { kindOfPension: 'old-age', payingStates: ['', 'kz'] });
  await answer(me, draft, 'consent', { consent: 'yes' });
  await answer(me, draft, 'contact', { contactLanguage: 'kk' });
  const { body } = await me.get(`${draft}/evidence`);
  assert.match(body, /We will ask 3 authorities/);
  assert.match(body, /With your consent/);
  assert.match(body, /By law:/);
  const asked = await me.send(`${draft}/evidence`, `${draft}/evidence`, { step: 'ask' });
  assert.equal(asked.headers.location, `${draft}/evidence`);
  const waiting = await me.get(`${draft}/evidence`);
  assert.match(waiting.body, /<noscript><meta http-equiv="refresh"/);
  assert.match(waiting.body, /<progress [^>]*value="0"[^>]*max="3"/);
  const state = await me.get(`${draft}/evidence/state`);
  assert.equal(state.body.split('\n').length, 3);
});

test('the same words are said whether somebody of her name is unknown there or only unproven', async (t) => {
  const { app } = await testWeb(t);
  const say = async (language: string) => {
    const { texts } = await import('../texts/index.ts');
    const { find } = texts(language as 'en');
    assert.equal(find('portal.evidence.none.words'), find('portal.evidence.unproven.words'));
  };
  for (const language of ['en', 'ru', 'kk', 'ky', 'hy', 'be']) await say(language);
  assert.ok(app);
});

test('a file that is none is not usable, a missing one is asked for, and nothing of it comes back', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const { body } = await me.get('/verify');
  const token = /name="formToken" value="([^"]+)"/.exec(body)?.[1] ?? '';
  const upload = (content: string, name = 'x.json') => {
    const boundary = 'b0undary';
    const payload = [
      `--${boundary}\r\nContent-Disposition: form-data; name="formToken"\r\n\r\n${token}\r\n`,
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/json\r\n\r\n${content}\r\n`,
      `--${boundary}--\r\n`,
    ].join('');
    const cookie = [...me.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    return app.inject({
      method: 'POST',
      url: '/verify',
      headers: {
        host: 'kz.localhost:7000',
        cookie,
        'accept-language': 'en',
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      payload,
    });
  };
  const none = await upload('');
  assert.equal(none.statusCode, 400);
  assert.match(none.body, /href="#file"/);
  const other = await upload('{"hello":"<b>world</b>"}');
  assert.equal(other.statusCode, 200);
  assert.match(other.body, /cannot be checked here/);
  assert.doesNotMatch(other.body, /<b>world/);
});

test('the register officer finds rows by number without a number in an address', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('registrar-kz');
  const { body } = await me.get('/desk/registers');
  assert.match(body, /method="post" action="\/desk\/registers\/open"/);
  assert.match(body, /value="kz.pension-fund"/);
  assert.doesNotMatch(body, /value="kz.population"/);
  const unknown = await me.send('/desk/registers', '/desk/registers/open', {
    register: 'kz.pension-fund',
    number: 'KZ-P-999999',
  });
  assert.equal(unknown.statusCode, 404);
  const foreign = await me.send('/desk/registers', '/desk/registers/open', {
    register: 'kz.population',
    number: 'KZ-T-000101',
  });
  assert.equal(foreign.statusCode, 400);
  const examiner = visitor(app);
  await examiner.signIn('officer-kz-1');
  assert.match((await examiner.get('/desk/registers')).body, /Your role has no register/);
});
