import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueDocument } from '../../documents/index.ts';
import { sealFile } from '../../union/index.ts';
import { testWeb, visitor } from '../testing.ts';

test('the text of a printed code is checked without scripts, and the page says what it cannot know', async (t) => {
  const { ctx, app } = await testWeb(t);
  const { id, paper } = await ctx.db.transaction((tx) =>
    issueDocument(tx, ctx, {
      key: 'case-1',
      type: 'pension-decision',
      vct: 'urn:commonway:pension:decision:1',
      agency: 'kz.pension-fund',
      holder: { home: 'kz', reference: 'r-1' },
      claims: { months: 143 },
    }),
  );
  const me = visitor(app);
  const check = (code: string) => me.send('/verify', '/verify', { code });

  const genuine = await check(`${paper}\r\n`);
  assert.equal(genuine.statusCode, 200);
  assert.match(genuine.body, /The code is genuine/);
  assert.match(genuine.body, new RegExp(id));
  assert.match(genuine.body, /143/);
  assert.match(genuine.body, /has been revoked since then, a code cannot tell/);
  assert.doesNotMatch(genuine.body, /Genuine and valid/);

  for (const none of ['', 'hello', paper.slice(0, 40)]) {
    const again = await check(none);
    assert.equal(again.statusCode, 400, none);
    assert.match(again.body, /href="#code"/);
  }
  const at = paper.length - 10;
  const changed = await check(`${paper.slice(0, at)}${paper[at] === '0' ? '1' : '0'}${paper.slice(at + 1)}`);
  assert.doesNotMatch(changed.body, /The code is genuine/);
});

test('the printed page and a file of another union are called what they are, never changed', async (t) => {
  const { app } = await testWeb(t);
  const { ctx: other } = await testWeb(t);
  const me = visitor(app);
  const token = /name="formToken" value="([^"]+)"/.exec((await me.get('/verify')).body)?.[1] ?? '';
  const upload = (content: string) => {
    const part = (name: string, value: string) =>
      `--b0undary\r\nContent-Disposition: form-data; ${name}\r\n\r\n${value}\r\n`;
    const body = `${part('name="formToken"', token)}${part('name="file"; filename="x"\r\nContent-Type: application/json', content)}--b0undary--\r\n`;
    return me.postBytes('/verify', Buffer.from(body), 'multipart/form-data; boundary=b0undary');
  };
  const page = (await upload('%PDF-1.7\n')).body;
  assert.match(page, /This is the printed page, not the sealed file/);
  const sealed = sealFile({ trust: other.trust, key: other.seal, clock: other.clock }, 'evidence', {});
  const foreign = (await upload(sealed.toString())).body;
  assert.match(foreign, /This file cannot be judged here/);
  for (const body of [page, foreign]) assert.doesNotMatch(body, /Not valid|was changed/);
});
