import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileSchemas } from '../../agreements/index.ts';
import { testWeb, visitor } from '../testing.ts';

test('every node serves the schemas of agreement files to anybody, as files', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  const index = await me.get('/schemas/index.json');
  assert.match(String(index.headers['content-type']), /^application\/json/);
  const { schemas } = index.json() as { schemas: { kind: string; files: string; schema: string }[] };
  assert.deepEqual(
    schemas.map(({ kind }) => kind),
    fileSchemas().map(({ kind }) => kind),
  );
  for (const { kind, files, schema } of schemas) {
    const { statusCode, headers, body } = await me.get(schema);
    assert.equal(statusCode, 200);
    assert.match(String(headers['content-type']), /^application\/schema\+json/);
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['set-cookie'], undefined);
    const said = JSON.parse(body);
    assert.equal(said.$id, `urn:commonway:agreement-file:${kind}`);
    assert.equal(said.$schema, 'https://json-schema.org/draft/2020-12/schema');
    assert.equal(said.title, files);
  }
  assert.equal((await me.get('/schemas/none.json')).statusCode, 404);
});
