import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { scanJob } from '../files/index.ts';
import { startJobs } from '../storage/index.ts';
import { hiddenFields, type TestVisitor, testWeb, visitor } from './testing.ts';

const FOLDER = join('src', 'agreements', 'fixtures', 'wide');
const pdf = (more = '') => `%PDF-1.7\n${more}\n%%EOF\n`;

async function begun(t: Parameters<typeof testWeb>[0]) {
  const web = await testWeb(t, {}, FOLDER);
  const me = visitor(web.app);
  await me.signIn('aigerim');
  const { headers } = await me.send('/services/goods/import', '/services/goods/import/start');
  const draft = String(headers.location);
  await answer(me, `${draft}/pages/where`, { offices: ['', 'kz', 'kg'], express: 'no' });
  return { ...web, me, draft, list: `${draft}/pages/goods`, papers: `${draft}/pages/papers` };
}

const answer = (me: TestVisitor, page: string, fields: Record<string, string | string[]>) =>
  me.send(page, page, fields);

/** Sends a form as browsers send one with a file. */
async function upload(
  me: TestVisitor,
  page: string,
  fields: Record<string, string>,
  file: { field: string; name: string; content: string },
) {
  const hidden = hiddenFields((await me.get(page)).body, page);
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...hidden, ...fields })) form.set(name, value);
  form.set(file.field, new File([file.content], file.name));
  const request = new Response(form);
  const payload = Buffer.from(await request.arrayBuffer());
  return me.postBytes(page, payload, request.headers.get('content-type') ?? '');
}

const tea = { what: 'Tea', value: '120,50', origin: 'kg' };

test('things are added, changed and taken out on pages without scripts', async (t) => {
  const { me, list } = await begun(t);
  const empty = await me.get(list);
  assert.match(empty.body, /Nothing is in the list yet/);
  assert.match(empty.body, /Add: Goods line/);
  const open = await answer(me, list, {});
  assert.equal(open.statusCode, 400);
  assert.match(open.body, /Add at least one/);

  const wrong = await answer(me, `${list}/things/new`, { ...tea, value: '0' });
  assert.equal(wrong.statusCode, 400);
  assert.match(wrong.body, /href="#value"/);
  assert.match(wrong.body, /value="Tea"/, 'what was typed is still there');
  const finer = await answer(me, `${list}/things/new`, { ...tea, value: '1.005' });
  assert.match(finer.body, /Give at most 2 decimals/);

  assert.equal((await answer(me, `${list}/things/new`, tea)).headers.location, list);
  assert.equal((await answer(me, `${list}/things/new`, { ...tea, what: 'Wool' })).headers.location, list);
  const two = (await me.get(list)).body;
  assert.match(two, /Goods line 2/);
  assert.match(two, /120\.5 euro/);
  assert.match(two, /Add another: Goods line/);

  assert.equal((await answer(me, `${list}/things/1`, { ...tea, what: 'Green tea' })).headers.location, list);
  assert.match((await me.get(list)).body, /Green tea/);
  assert.equal((await me.send(list, `${list}/things/2/remove`)).headers.location, list);
  assert.doesNotMatch((await me.get(list)).body, /Wool/);
  assert.match(String((await answer(me, list, {})).headers.location), /pages\/papers$/);
});

test('a list that is full offers no other, and takes none', async (t) => {
  const { me, list } = await begun(t);
  for (const what of ['A', 'B', 'C']) await answer(me, `${list}/things/new`, { ...tea, what });
  assert.match((await me.get(list)).body, /The list is full: it holds 3/);
  const more = await answer(me, `${list}/things/new`, { ...tea, what: 'D' });
  assert.equal(more.statusCode, 400);
  assert.match(more.body, /There can be at most 3/);
});

test('what was taken out in another window is not changed by its number', async (t) => {
  const { me, list } = await begun(t);
  for (const what of ['First', 'Second']) await answer(me, `${list}/things/new`, { ...tea, what });
  const old = hiddenFields((await me.get(`${list}/things/1`)).body, `${list}/things/1`);
  const remove = hiddenFields((await me.get(list)).body, `${list}/things/1/remove`);
  await me.send(list, `${list}/things/1/remove`);
  assert.equal((await me.post(`${list}/things/1`, { ...old, ...tea })).statusCode, 409);
  assert.equal((await me.post(`${list}/things/1/remove`, remove)).statusCode, 409);
  assert.equal((await me.get(`${list}/things/2`)).statusCode, 404);
  for (const odd of ['0', '-1', '1e1', 'constructor']) {
    assert.equal((await me.get(`${list}/things/${odd}`)).statusCode, 404, odd);
  }
  assert.match((await me.get(list)).body, /Second/);
});

test('a file is taken by its content, kept beside another error, and taken out again', async (t) => {
  const { me, papers, list } = await begun(t);
  assert.match((await me.get(papers)).body, /enctype="multipart\/form-data"/);
  const program = await upload(me, papers, {}, { field: 'invoice', name: 'invoice.pdf', content: 'MZ program' });
  assert.equal(program.statusCode, 400);
  assert.match(program.body, /none of these: pdf, png, jpeg/);
  const large = { field: 'licence', name: 'l.pdf', content: pdf('x'.repeat(500_001)) };
  const dear = { ...tea, value: '600' };
  // The question is asked of a dear thing only: first it is seen, then answered.
  await answer(me, `${list}/things/new`, dear);
  assert.equal((await upload(me, `${list}/things/1`, dear, large)).statusCode, 400);
  const wrong = await upload(me, `${list}/things/1`, { ...dear, what: '' }, { ...large, content: pdf('ok') });
  assert.equal(wrong.statusCode, 400);
  assert.match(wrong.body, /Chosen: l\.pdf/);
  const again = { ...hiddenFields(wrong.body, `${list}/things/1`), ...dear };
  assert.equal((await me.post(`${list}/things/1`, again)).headers.location, list);
  assert.match((await me.get(list)).body, /l\.pdf \(1 kB\)/);
  await answer(me, `${list}/things/1`, { ...dear, 'licence.remove': 'yes' });
  assert.doesNotMatch((await me.get(list)).body, /l\.pdf/);
});

test('her file is hers alone, and nobody opens it before it was scanned', async (t) => {
  const { me, papers, draft, app, ctx } = await begun(t);
  await upload(me, papers, {}, { field: 'invoice', name: '../../in\u202Evoice.pdf', content: pdf() });
  const page = (await me.get(papers)).body;
  assert.match(page, /Chosen: invoice\.pdf/, 'no path and no hidden signs in its name');
  const digest = /value="([0-9a-f]{64})"/.exec(page)?.[1];
  const address = `/files/${draft.slice(8)}/${digest}`;
  assert.match((await me.get(address)).body, /FILE_QUARANTINED/);
  const jobs = startJobs(ctx, [scanJob(ctx)]);
  t.after(() => jobs.stop());
  for (let tries = 0; tries < 200 && (await me.get(address)).statusCode !== 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const opened = await me.get(address);
  assert.equal(opened.body, pdf());
  assert.match(String(opened.headers['content-disposition']), /^attachment/);
  assert.equal(opened.headers['x-content-type-options'], 'nosniff');
  const other = visitor(app);
  await other.signIn('marat');
  assert.equal((await other.get(address)).statusCode, 404);
  assert.equal((await me.get(`/files/${draft.slice(8)}/nothing`)).statusCode, 404);
});
