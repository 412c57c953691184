import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { testWeb, visitor } from '../testing.ts';
import type { View } from '../ui/index.ts';
import { keepPages } from './kept-pages.ts';
import { sharedPage } from './shared-page.ts';
import type { Visit } from './visit.ts';

/** Stands on the pages of who is signed in, with a token of her own. */
const HERS = /action="\/sign-out"/;

test('pages for everybody never hold what is somebody’s own', async (t) => {
  const { app } = await testWeb(t);
  const [her, stranger] = [visitor(app), visitor(app)];
  const before = await stranger.get('/');
  assert.equal(before.headers['set-cookie'], undefined);
  await her.signIn('aigerim');
  for (const path of ['/', '/services']) {
    assert.match((await her.get(path)).body, HERS, path);
    assert.doesNotMatch((await stranger.get(path)).body, HERS, path);
    assert.match((await her.get(path)).body, HERS, 'nor does she get that of the others');
  }
  assert.equal((await stranger.get('/')).body, before.body);
  assert.equal(before.headers['cache-control'], 'no-store');
});

test('each language, appearance and address has a page of its own', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  await app.inject({ method: 'HEAD', url: '/services', headers: { host: 'kz.localhost:7000' } });
  const english = await me.get('/services');
  assert.match(english.body, /<html lang="en"/);
  assert.match(english.body, /back=%2Fservices"/, 'what a HEAD asked for is not kept');
  assert.match((await me.get('/services', { 'accept-language': 'kk' })).body, /<html lang="kk"/);
  assert.match((await me.get('/services?q=pension')).body, /value="pension"/);
  await me.get('/appearance?to=dark&back=/services');
  assert.match((await me.get('/services')).body, /data-color-scheme="dark"/);
  assert.notEqual((await me.get('/')).body, (await me.get('/services')).body);
});

test('a page is compressed for who takes that, and is the same', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const [packed, plain] = [await me.get('/', { 'accept-encoding': 'gzip' }), await me.get('/')];
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(gunzipSync(packed.rawPayload).toString(), plain.body);
});

test('another edition is another page', async (t) => {
  const { app, ctx } = await testWeb(t);
  const me = visitor(app);
  const all = ctx.agreements.all();
  const count = async () => (await me.get('/services')).body.match(/href="\/services\/pension\//g)?.length;
  const before = await count();
  assert.ok(before !== undefined && before > 0);
  t.mock.method(ctx.agreements, 'all', () => []);
  assert.equal(await count(), undefined);
  t.mock.method(ctx.agreements, 'all', () => all);
  assert.equal(await count(), before);
  const states = async () => /cw-hero-states[\s\S]*?<\/ul>/.exec((await me.get('/')).body)?.[0] ?? '';
  assert.match(await states(), /Kyrgyzstan/);
  t.mock.method(ctx.trust, 'states', () => ['kz', 'ru']);
  assert.match(await states(), /Russia/);
  assert.doesNotMatch(await states(), /Kyrgyzstan/, 'nor is a state that left shown');
});

test('a page for everybody that wants a form token is a fault, and is not kept', async () => {
  const view = { language: 'en', scheme: 'auto', states: ['kz'], formToken: 'hers' } as unknown as View;
  const request = { method: 'GET', url: '/' } as Visit['request'];
  const answer = sharedPage({ view, request } as Visit, '1', (shown) => shown.formToken as never);
  assert.ok(answer.kind === 'shared');
  assert.throws(() => answer.make(), /holds no form token/);
  const kept = keepPages();
  const broken = () => {
    throw new Error('broken');
  };
  await assert.rejects(kept.get('a', broken), /broken/);
  assert.equal((await kept.get('a', () => 'whole')).plain, 'whole');
});

test('of many pages all but the latest are forgotten, and each is made once however many ask', async () => {
  const kept = keepPages(2);
  let made = 0;
  const ask = async (key: string) => (await kept.get(key, () => `${key}${++made}`)).plain;
  assert.deepEqual(await Promise.all([ask('a'), ask('a')]), ['a1', 'a1']);
  assert.equal(await ask('b'), 'b2');
  assert.equal(await ask('c'), 'c3');
  assert.equal(await ask('a'), 'a4');
});
