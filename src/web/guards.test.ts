import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ORIGIN, testWeb, visitor } from './testing.ts';

test('every answer carries the policy: nothing inline, nothing foreign, no frame', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  for (const path of [
    '/',
    '/services',
    '/sign-in',
    '/verify',
    '/no-such-page',
    '/assets/icon.svg',
    '/ledger/checkpoint',
  ]) {
    const { headers } = await me.get(path);
    const policy = String(headers['content-security-policy']);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      assert.ok(policy.includes(part), `${path}: ${part}`);
    }
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.equal(headers['referrer-policy'], 'same-origin', path);
  }
});

test('pages have no inline script, style or handler, and name no foreign host', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('aigerim');
  for (const path of [
    '/',
    '/services',
    '/services/pension/pension',
    '/sign-in',
    '/applications',
    '/documents',
    '/access',
    '/links',
    '/mailbox',
    '/verify',
  ]) {
    const { body, statusCode } = await me.get(path);
    assert.equal(statusCode, 200, path);
    assert.doesNotMatch(body, /<style|\sstyle=|\son[a-z]+=|javascript:/i, path);
    for (const [script] of body.matchAll(/<script\b[^>]*>/g)) assert.match(script, /\ssrc="\/assets\//, path);
    // The access record says in words where else a proof can be checked; nothing of it is fetched or can be pressed.
    const markup = path === '/access' ? body.replaceAll(/>[^<]*</g, '><') : body;
    const hosts = [...markup.matchAll(/\bhttps?:\/\/([^/"'<>\s]+)/g)].map(([, host]) => host);
    assert.deepEqual(hosts, [], path);
  }
});

test('a request to a foreign name is turned away before any page', async (t) => {
  const { app } = await testWeb(t);
  for (const host of ['evil.example', 'kz.localhost.evil.example', '127.0.0.1:7000', '']) {
    const { statusCode, body } = await visitor(app).get('/sign-in', { host });
    assert.equal(statusCode, 421, host);
    assert.doesNotMatch(body, /persona/);
  }
});

test('personal pages are kept by nobody on the way', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('aigerim');
  for (const path of ['/', '/applications', '/access'])
    assert.equal((await me.get(path)).headers['cache-control'], 'no-store');
});

test('a change without a form of ours is refused, and nothing changes', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('aigerim');
  const start = '/services/pension/pension/start';
  assert.equal((await me.post(start, {})).statusCode, 403);
  assert.equal((await me.post(start, { formToken: 'A'.repeat(86) })).statusCode, 403);
  assert.doesNotMatch((await me.get('/applications')).body, /href="\/drafts\//);
});

test('a change from another origin is refused although the token is right', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('aigerim');
  const start = '/services/pension/pension/start';
  const { body } = await me.get('/services/pension/pension');
  const token = /name="formToken" value="([^"]+)"/.exec(body.slice(body.indexOf(start)))?.[1] ?? '';
  const evil: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `${ORIGIN}.evil.example` },
    { origin: ORIGIN.replace('kz', 'ru') },
  ];
  for (const headers of evil) assert.equal((await me.post(start, { formToken: token }, headers)).statusCode, 403);
  assert.equal((await me.post(start, { formToken: token })).statusCode, 303);
});

test('one visitor’s token is worth nothing to another', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const other = visitor(app);
  await me.signIn('aigerim');
  await other.signIn('marat');
  const token = /name="formToken" value="([^"]+)"/.exec((await other.get('/services/pension/pension')).body)?.[1] ?? '';
  assert.equal((await me.post('/services/pension/pension/start', { formToken: token })).statusCode, 403);
});

test('signing in needs a form of ours too, so nobody is signed in as somebody else behind her back', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  assert.equal((await me.post('/sign-in', { persona: 'aigerim' })).statusCode, 403);
  assert.equal(me.cookies.has('commonway-session'), false);
});

test('the session cookie is for this host, unreadable to scripts, and new at each sign-in', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const signedIn = await me.send('/sign-in', '/sign-in', { persona: 'aigerim' });
  const cookie = signedIn.cookies.find(({ name }) => name === 'commonway-session');
  assert.equal(cookie?.httpOnly, true);
  assert.equal(String(cookie?.sameSite).toLowerCase(), 'lax');
  assert.equal(cookie?.path, '/');
  assert.equal(cookie?.domain, undefined);
  const before = me.cookies.get('commonway-session') ?? '';
  await me.signIn('marat');
  assert.notEqual(me.cookies.get('commonway-session'), before);
  const old = visitor(app);
  old.cookies.set('commonway-session', before);
  assert.equal((await old.get('/applications')).statusCode, 303);
});

test('under TLS the cookie is secure and bound to the host by its name', async (t) => {
  const origin = 'https://kz.localhost:7000';
  const { app } = await testWeb(t, { web: { origin } });
  const { cookies } = await visitor(app).get('/sign-in');
  assert.deepEqual(
    cookies.map(({ name, secure }) => [name, secure]),
    [['__Host-commonway-visit', true]],
  );
});

test('signing out ends the session everywhere', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('aigerim');
  const token = me.cookies.get('commonway-session') ?? '';
  assert.equal((await me.send('/applications', '/sign-out')).statusCode, 303);
  assert.equal(me.cookies.has('commonway-session'), false);
  me.cookies.set('commonway-session', token);
  assert.equal((await me.get('/applications')).headers.location, '/sign-in?back=%2Fapplications');
});

test('nobody is led away from the portal', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  for (const back of ['//evil.example', 'https://evil.example', '/\\evil.example', '/%0d%0aset-cookie:x']) {
    const path = `/language?to=ru&back=${encodeURIComponent(back)}`;
    const { headers } = await me.get(path);
    assert.ok(headers.location === '/' || headers.location === back, back);
    assert.doesNotMatch(String(headers.location), /^(\/\/|\/\\|https?:)/);
    const signedIn = await me.send('/sign-in', '/sign-in', { persona: 'aigerim', back });
    assert.doesNotMatch(String(signedIn.headers.location), /^(\/\/|\/\\|https?:)/);
    await me.send('/', '/sign-out');
  }
});

test('a page that needs a person or an officer asks for the right one', async (t) => {
  const { app } = await testWeb(t);
  const nobody = visitor(app);
  assert.equal((await nobody.get('/desk')).headers.location, '/sign-in?back=%2Fdesk');
  const person = visitor(app);
  await person.signIn('aigerim');
  for (const path of ['/desk', '/desk/registers', '/desk/cases/0192f1c0-0000-7000-8000-000000000000']) {
    assert.equal((await person.get(path)).statusCode, 403, path);
  }
  const officer = visitor(app);
  await officer.signIn('officer-kz-1');
  for (const path of ['/applications', '/access', '/documents', '/mailbox', '/links']) {
    assert.equal((await officer.get(path)).statusCode, 403, path);
  }
});

test('without a way to sign in the page says so and nobody gets in', async (t) => {
  const identity = { state: 'kz', demo: false, boundTo: '127.0.0.1', origin: ORIGIN, methods: [] };
  const { app } = await testWeb(t, { identity });
  const me = visitor(app);
  const { body } = await me.get('/sign-in');
  assert.match(body, /no way to sign in/);
  assert.doesNotMatch(body, /name="persona"/);
});

test('an error page says what to do, in the reader’s language, with a code and no secret', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const missing = await me.get('/no-such-page');
  assert.equal(missing.statusCode, 404);
  assert.match(missing.body, /WEB_PAGE_NOT_FOUND/);
  assert.match((await me.get('/no-such-page', { 'accept-language': 'ru' })).body, /Такой страницы нет/);
  await me.signIn('aigerim');
  for (const id of ['x', '0192f1c0-0000-7000-8000-000000000000', "'; drop table drafts; --"]) {
    const { statusCode, body } = await me.get(`/drafts/${encodeURIComponent(id)}`);
    assert.equal(statusCode, 404, id);
    assert.doesNotMatch(body, /syntax|select |uuid/i);
  }
});

test('the language follows the wish of the browser, and the choice beats it', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  assert.match((await me.get('/', { 'accept-language': 'hy' })).body, /<html lang="hy" dir="ltr"/);
  assert.match((await me.get('/', { 'accept-language': 'fr' })).body, /<html lang="kk"/);
  await me.get('/language?to=be&back=%2F');
  assert.match((await me.get('/')).body, /<html lang="be"/);
  await me.get('/language?to=xx&back=%2F');
  assert.match((await me.get('/')).body, /<html lang="be"/);
});

test('the first load stays small: 60 kB in all, scripts 5 kB', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  for (const path of ['/', '/services', '/services/pension/pension', '/sign-in', '/verify']) {
    const { body } = await me.get(path, { 'accept-language': 'hy' });
    const assets = [...body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, address]) => address ?? '');
    let total = gzipSync(body).length;
    for (const address of assets) {
      const { rawPayload, headers } = await me.get(address, { 'accept-encoding': 'gzip, br' });
      assert.equal(headers['content-encoding'], 'br', address);
      if (!address.endsWith('.svg')) assert.match(String(headers['cache-control']), /immutable/, address);
      if (address.endsWith('.js')) assert.ok(rawPayload.length < 5 * 1024, `${address}: ${rawPayload.length}`);
      total += rawPayload.length;
    }
    assert.ok(total < 60 * 1024, `${path}: ${total}`);
    assert.ok(assets.length >= 3, path);
  }
});

test('pages are compressed for browsers that can take it', async (t) => {
  const { app } = await testWeb(t);
  const packed = await visitor(app).get('/', { 'accept-encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal((await visitor(app).get('/')).headers['content-encoding'], undefined);
});
