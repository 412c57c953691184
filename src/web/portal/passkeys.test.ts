import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindingOptions, bindPasskey, findSession, listPasskeys } from '../../identity/index.ts';
import { softAuthenticator } from '../../identity/testing.ts';
import { ORIGIN, testWeb, visitor } from '../testing.ts';

/** A passkey of a persona, bound as if in another browser of hers. */
async function bound({ ctx, app }: Awaited<ReturnType<typeof testWeb>>, persona: string): Promise<string> {
  const elsewhere = visitor(app);
  await elsewhere.signIn(persona);
  const session = await findSession(ctx, elsewhere.cookies.get('commonway-session') ?? '');
  assert.ok(session);
  const options = await bindingOptions(ctx, session, 'elsewhere', 'Portal');
  const answer = softAuthenticator({ origin: ORIGIN }).make(options);
  await bindPasskey(ctx, session, { answer, name: 'Telephone', browser: 'elsewhere' });
  return (await listPasskeys(ctx.db, persona))[0]?.id ?? '';
}

test('passkeys and sessions are shown to whoever is signed in, officers too, and to nobody else', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  for (const path of ['/passkeys', '/sessions']) {
    assert.match(String((await me.get(path)).headers.location), /^\/sign-in\?back=/, path);
  }
  for (const who of ['aigerim', 'officer-kz-1']) {
    await me.signIn(who);
    for (const path of ['/passkeys', '/sessions']) assert.equal((await me.get(path)).statusCode, 200, `${who} ${path}`);
  }
});

test('the passkey of somebody else is not there', async (t) => {
  const web = await testWeb(t);
  const id = await bound(web, 'aigerim');
  const marat = visitor(web.app);
  await marat.signIn('marat');
  assert.doesNotMatch((await marat.get('/passkeys')).body, /Telephone/);
  const own = await bound(web, 'marat');
  const { statusCode } = await marat.send('/passkeys', `/passkeys/${own}/remove`);
  assert.equal(statusCode, 303);
  await bound(web, 'marat');
  const forms = (await marat.get('/passkeys')).body;
  const formToken = /name="formToken" value="([^"]+)"/.exec(forms)?.[1] ?? '';
  assert.equal((await marat.post(`/passkeys/${id}/remove`, { formToken })).statusCode, 404);
  assert.equal((await listPasskeys(web.ctx.db, 'aigerim')).length, 1);
});

test('who signed in too long ago is shown her passkeys and asked to sign in again before any change', async (t) => {
  const web = await testWeb(t);
  const id = await bound(web, 'aigerim');
  const me = visitor(web.app);
  await me.signIn('aigerim');
  const formToken = /name="formToken" value="([^"]+)"/.exec((await me.get('/passkeys')).body)?.[1] ?? '';
  await web.ctx.db.query("update identity_sessions set created_at = created_at - interval '10 minutes'");
  const { body } = await me.get('/passkeys');
  assert.match(body, /Telephone/);
  assert.match(body, /more than 10 minutes ago/);
  assert.doesNotMatch(body, /\/remove"|data-passkey/);
  for (const [path, status] of Object.entries({
    '/passkeys/options': 403,
    '/passkeys': 303,
    [`/passkeys/${id}/remove`]: 303,
  })) {
    const answer = await me.post(path, { formToken, name: 'x', credential: '{}' });
    assert.equal(answer.statusCode, status, path);
    if (status === 303) assert.equal(answer.headers.location, '/sign-in?back=%2Fpasskeys', path);
  }
  assert.equal((await listPasskeys(web.ctx.db, 'aigerim')).length, 1);
});

test('a session below the level substantial reaches the ways in, and neither a person’s data nor an officer’s work', async (t) => {
  const { ctx, app } = await testWeb(t);
  for (const [who, away] of [
    ['aigerim', '/applications'],
    ['officer-kz-1', '/desk'],
  ] as const) {
    const me = visitor(app);
    await me.signIn(who);
    assert.equal((await me.get(away)).statusCode, 200);
    await ctx.db.query("update identity_sessions set assurance = 'low' where account = $1", [who]);
    assert.equal((await me.get(away)).headers.location, `/sign-in?back=${encodeURIComponent(away)}&more`);
    for (const path of ['/passkeys', '/sessions']) assert.equal((await me.get(path)).statusCode, 200, path);
    assert.match((await me.get(`/sign-in?back=${encodeURIComponent(away)}&more`)).body, /needs a surer sign-in/);
  }
});
