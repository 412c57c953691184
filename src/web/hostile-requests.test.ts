import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeAccounts } from '../identity/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { Failure } from '../storage/index.ts';
import { createWeb } from './create-web.tsx';
import { uploadLimitMb } from './http/uploads.ts';
import { hiddenFields, ORIGIN, testWeb, visitor } from './testing.ts';

const HOST = new URL(ORIGIN).host;
/** As long as a browser's: whoever looks for a short one finds it in a token now and then. */
const BOUNDARY = '----a-boundary-that-stands-in-no-token-and-in-no-file';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

test('an address that nobody can read is refused in a line, with the same headers and nothing of it in the answer', async (t) => {
  const { app } = await testWeb(t);
  for (const url of ['/%ff<script>', '/drafts/%', '/applications/%E0%A4%A']) {
    const { statusCode, headers, body } = await app.inject({ url, headers: { host: HOST } });
    assert.deepEqual([statusCode, body], [400, 'WEB_PAGE_NOT_FOUND\n'], url);
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
    assert.equal(headers['cache-control'], 'no-store');
  }
});

test('whoever passes a request on cannot hide it from the development sign-in', async (t) => {
  const { app } = await testWeb(t);
  for (const name of [
    'forwarded',
    'via',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-original-forwarded-for',
    'x-real-ip',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
  ]) {
    const me = visitor(app);
    const fields = { ...hiddenFields((await me.get('/sign-in')).body, '/sign-in'), persona: 'aigerim' };
    const { statusCode } = await me.post('/sign-in', fields, { [name]: '203.0.113.7' });
    assert.equal(statusCode, 403, name);
    assert.doesNotMatch((await me.get('/sign-in', { [name]: '203.0.113.7' })).body, /name="persona"/, name);
  }
});

test('the development sign-in is refused from another machine, whatever name it asks for', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const fields = { ...hiddenFields((await me.get('/sign-in')).body, '/sign-in'), persona: 'aigerim' };
  const cookie = [...me.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const remoteAddress of ['203.0.113.7', '::ffff:203.0.113.7', '10.0.0.1', 'fe80::1']) {
    const { statusCode, cookies } = await app.inject({
      ...{ method: 'POST', url: '/sign-in', remoteAddress, payload: new URLSearchParams(fields).toString() },
      headers: { host: HOST, origin: ORIGIN, cookie, ...FORM },
    });
    assert.deepEqual([statusCode, cookies], [403, []], remoteAddress);
  }
});

test('a full disk is said in words and by its own code, and leaves what was there', async (t) => {
  const { app, ctx } = await testWeb(t);
  // The server's own refusal, as it comes when a page of a table cannot grow.
  await ctx.db.query(
    `create function no_space() returns trigger language plpgsql as $$ begin raise sqlstate '53100' using message = 'no space left on device'; end $$`,
  );
  await ctx.db.query(
    'create trigger full_disk before insert on identity_sessions for each row execute function no_space()',
  );
  const me = visitor(app);
  const fields = { ...hiddenFields((await me.get('/sign-in')).body, '/sign-in'), persona: 'aigerim' };
  const { statusCode, body } = await me.post('/sign-in', fields);
  assert.equal(statusCode, 503);
  assert.match(body, /WEB_NO_SPACE/);
  assert.match(body, /Our storage is full at the moment/);
});

test('nothing but a form is read', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('aigerim');
  const start = '/services/pension/pension/start';
  const fields = hiddenFields((await me.get('/services/pension/pension')).body, start);
  const cookie = [...me.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const bodies: Record<string, string> = {
    'application/json': JSON.stringify(fields),
    'application/vnd.api+json': JSON.stringify(fields),
    'text/plain': new URLSearchParams(fields).toString(),
    'multipart/form-data; boundary=x': '--x--',
    'application/xml': '<x/>',
  };
  for (const [type, payload] of Object.entries(bodies)) {
    const { statusCode } = await app.inject({
      ...{ method: 'POST', url: start, payload },
      headers: { host: HOST, origin: ORIGIN, cookie, 'content-type': type },
    });
    assert.equal(statusCode, 403, type);
  }
  assert.doesNotMatch((await me.get('/applications')).body, /href="\/drafts\//);
});

test('no field, name or value breaks a page or reaches what every object inherits', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await me.signIn('aigerim');
  const started = await me.send('/services/pension/pension', '/services/pension/pension/start');
  const draft = /[0-9a-f-]{36}/.exec(String(started.headers.location))?.[0] ?? '';
  const page = `/drafts/${draft}/pages/work`;
  const odd = ['__proto__', 'constructor', '__proto__[admin]', 'toString', '\u0000', '\ud800'.toWellFormed()];
  for (const name of odd) {
    for (const value of ['\u0000', '__proto__', '<script>', 'x'.repeat(100_000)]) {
      const answers = [
        await me.send(page, page, { [name]: value, statesOfWork: value }),
        await me.send('/services', '/sign-out', { [name]: value }).then(async (answer) => {
          await me.signIn('aigerim');
          return answer;
        }),
      ];
      for (const { statusCode } of answers) assert.ok(statusCode < 500, `${name}: ${statusCode}`);
    }
  }
  assert.equal(({} as { admin?: unknown }).admin, undefined);
  for (const query of ['?__proto__[x]=1', '?to=ru&to=kk', '?%00=%00', `?back=${'x'.repeat(3000)}`]) {
    for (const path of ['/', '/language', '/access', '/services', '/desk']) {
      assert.ok((await me.get(`${path}${query}`)).statusCode < 500, path + query);
    }
  }
});

test('what people and other states wrote is shown as what they wrote', async (t) => {
  const { app, ctx } = await testWeb(t);
  const markup = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&`;
  await storeAccounts(ctx.db, [{ kind: 'person', id: 'marat', state: 'kz', localId: 'KZ-T-000999', name: markup }]);
  await ctx.db.transaction((tx) =>
    sendLetter(tx, ctx, {
      ...{ person: 'marat', cause: 'x', link: 'javascript:alert(1)' },
      ...{ kind: 'decided', params: { state: markup, outcome: markup } },
    }),
  );
  const me = visitor(app);
  await me.signIn('marat');
  for (const path of [
    '/',
    '/mailbox',
    '/services',
    `/services?q=${encodeURIComponent(markup)}`,
    '/verify',
    `/no${encodeURIComponent(markup)}`,
  ]) {
    const { body } = await me.get(path);
    assert.doesNotMatch(body, /<script>|<img src=x/, path);
  }
  const { body } = await me.get('/mailbox');
  const action = /action="(\/mailbox\/[^"]+)"/.exec(body)?.[1] ?? '';
  assert.equal((await me.send('/mailbox', action)).headers.location, '/mailbox');
});

test('a file of any form gets a verdict, and one that is too large is not read', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const { formToken = '' } = hiddenFields((await me.get('/verify')).body, '/verify');
  const cookie = [...me.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const upload = (file: string, field = 'file') =>
    app.inject({
      ...{ method: 'POST', url: '/verify' },
      headers: { host: HOST, origin: ORIGIN, cookie, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      payload:
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="formToken"\r\n\r\n${formToken}\r\n` +
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${field}"; filename="<b>.json"\r\n\r\n${file}\r\n--${BOUNDARY}--\r\n`,
    });
  const deep = 50_000;
  const whole = (content: string) =>
    `{"charters":[{}],"commonway":1,"content":${content},"kind":"document","manifests":[{}],"sealedAt":"2026-01-01T00:00:00.000Z",` +
    `"sealedBy":{"key":"x","state":"kz"},"signature":"AA"}`;
  for (const file of [
    'x',
    '{}',
    'null',
    '[]',
    '"\\ud800"',
    '\u0000',
    '['.repeat(deep) + ']'.repeat(deep),
    whole('['.repeat(deep) + ']'.repeat(deep)),
    whole('{"__proto__":{"valid":true}}'),
    `{"charters":[${'{},'.repeat(deep)}{}],"commonway":1}`,
    '{"commonway":9e999}',
  ]) {
    const { statusCode, body } = await upload(file);
    assert.equal(statusCode, 200, file.slice(0, 40));
    assert.doesNotMatch(body, /data-verdict="valid"|<b>\.json/);
  }
  assert.equal((await upload('x', '__proto__')).statusCode, 400);
  assert.equal((await upload('x'.repeat(uploadLimitMb('/verify') * 1024 * 1024))).statusCode, 413);
});

test('a store that cannot be reached is reported to the operator, and nobody else learns where it is', async (t) => {
  const { ctx } = await testWeb(t);
  const secret = new Failure('STORAGE_UNREACHABLE', { host: 'db.internal', port: 5432 });
  const broken = async (): Promise<never> => {
    throw secret;
  };
  const reported: unknown[] = [];
  const web = { ...ctx.web, report: (_reference: string, error: unknown) => reported.push(error) };
  const app = createWeb({ ...ctx, web, db: { ...ctx.db, query: broken, transaction: broken } });
  t.after(() => app.close());
  const me = visitor(app);
  me.cookies.set('commonway-session', 'A'.repeat(43));
  for (const path of ['/applications', '/desk', '/no-such-page']) {
    const { statusCode, body, headers } = await me.get(path);
    assert.ok(statusCode === 500 || statusCode === 404, `${path}: ${statusCode}`);
    assert.doesNotMatch(body, /db\.internal|5432|STORAGE_|at .*\.ts/);
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
  }
  assert.deepEqual(reported, [secret, secret]);
});
