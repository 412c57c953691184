import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure, type Json } from '../../storage/index.ts';
import { checkAnswerContent, checkParameters, checkRequestContent, findOperation } from './check.ts';
import { readContract } from './contract.ts';
import type { JsonObject } from './plain-schema.ts';
import { isSafePattern } from './safe-pattern.ts';

const withSchema = (schema: Json, more: JsonObject = {}): JsonObject => ({
  openapi: '3.1.0',
  paths: {
    '/things': {
      post: { requestBody: { content: { 'application/json': { schema } } }, responses: { 200: { description: '' } } },
    },
  },
  ...more,
});
const unfit = (document: JsonObject, reason: RegExp) =>
  assert.throws(
    () => readContract(document),
    (error) => isFailure(error, 'ACCESS_OPENAPI') && reason.test(String(error.params.reason)),
  );
const accepts = (document: JsonObject, json: Json): boolean => {
  const operation = findOperation(readContract(document), 'POST', '/things');
  assert.ok(operation);
  return checkRequestContent(operation, { type: 'application/json', isEmpty: false, json }) === undefined;
};

test('a document that could make a check run for ever is refused when it is read', () => {
  const schemas = {
    tree: { type: 'object', properties: { kids: { type: 'array', items: { $ref: '#/components/schemas/tree' } } } },
  };
  unfit(withSchema({ $ref: '#/components/schemas/tree' }, { components: { schemas } }), /leads to itself/);
  // Each doubles the one before: a million parts.
  const doubling = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => {
      const below = { $ref: `#/components/schemas/s${at + 1}` };
      return [`s${at}`, at === 19 ? { type: 'string' } : { type: 'object', properties: { a: below, b: below } }];
    }),
  );
  unfit(
    withSchema({ $ref: '#/components/schemas/s0' }, { components: { schemas: doubling as unknown as Json } }),
    /too many parts/,
  );
  let deep: Json = { type: 'string' };
  for (let at = 0; at < 100; at++) deep = { type: 'array', items: deep };
  unfit(withSchema(deep), /nested too deep/);
  unfit(withSchema({ $ref: 'https://elsewhere.example/schema.json' }), /out of it/);
  unfit(withSchema({ $ref: '#/components/schemas/none' }), /nowhere/);
  unfit(withSchema({ $ref: '#/constructor/prototype' }), /nowhere/);
  unfit(withSchema({ $dynamicRef: '#x' }), /not taken/);
  unfit(withSchema({ type: 'string', pattern: '^(a+)+$' }), /pattern/);
  unfit(withSchema({ type: 'object', patternProperties: { '(a|a)*b': true } }), /pattern/);
});

test('expressions whose search could grow as a power of the text are told from those that are plain', () => {
  for (const plain of [
    '^[0-9]{12}$',
    '^[A-Z]{2}-\\d{4}$',
    '^\\S+$',
    '^[a-z0-9-]{1,64}$',
    '^(?:[0-9a-f]{2})$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^https?://[!-~]{1,500}$',
    '^(male|female)$',
    'abc',
    '^[\\]a]+x$',
  ])
    assert.ok(isSafePattern(plain), plain);
  for (const hostile of [
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '(.*)*',
    '^.*.*x$',
    '.*x',
    '^a{1,1000}a{1,1000}$',
    '^(?=a+)b',
    '(a)\\1',
    '^([a-z]+)*@',
    '^((a{0,9}){0,9}){0,9}$',
    'a|b.*',
    '(',
    `^${'a?'.repeat(50)}${'a'.repeat(50)}$`,
  ])
    assert.ok(!isSafePattern(hostile), hostile);
});

test('what is taken as plain is matched in few steps, however the text is made', () => {
  const part = fc.constantFrom(
    'a',
    '[ab]',
    '\\w',
    '.',
    'a?',
    'a*',
    '[ab]+',
    'a{1,30}',
    '(?:a|b)',
    '(ab)?',
    '(a|b)+',
    '(a*)*',
    '|',
  );
  const texts = ['a', 'ab', 'b', 'aab'].map((one) => `${one.repeat(5_000)}!`);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.boolean(), (parts, isAnchored) => {
      const pattern = `${isAnchored ? '^' : ''}${parts.join('')}$`;
      if (!isSafePattern(pattern)) return;
      // One that should not have been taken would keep this test for hours.
      for (const text of texts) new RegExp(pattern, 'u').test(text);
    }),
    { numRuns: 300 },
  );
});

test('OpenAPI 3.0 and 3.1 say the same in their own words', () => {
  assert.ok(accepts(withSchema({ type: 'string', nullable: true }), null));
  assert.ok(!accepts(withSchema({ type: 'string' }), null));
  assert.ok(accepts(withSchema({ type: ['string', 'null'] }), null));
  assert.ok(!accepts(withSchema({ type: 'number', minimum: 3, exclusiveMinimum: true }), 3));
  assert.ok(accepts(withSchema({ type: 'number', minimum: 3, exclusiveMinimum: false }), 3));
  assert.ok(accepts(withSchema({ type: 'integer', format: 'int64' }), 3));
  assert.ok(!accepts(withSchema({ type: 'string', format: 'date' }), '2026-13-01'));
  // A property may have the name of a keyword.
  const named = withSchema({
    type: 'object',
    required: ['pattern'],
    properties: { pattern: { type: 'string' }, $ref: { type: 'string' } },
  });
  assert.ok(accepts(named, { pattern: '(a+)+' }));
});

test('what is only read is not demanded of a request, what is only written not of an answer', () => {
  const schema = {
    type: 'object',
    required: ['id', 'secret'],
    properties: { id: { type: 'string', readOnly: true }, secret: { type: 'string', writeOnly: true } },
  };
  const content = { 'application/json': { schema } };
  const document = {
    openapi: '3.0.3',
    paths: { '/things': { post: { requestBody: { content }, responses: { '2XX': { content } } } } },
  };
  const operation = findOperation(readContract(document), 'POST', '/things');
  assert.ok(operation);
  const of = (json: Json) => ({ type: 'application/json', isEmpty: false, json });
  assert.equal(checkRequestContent(operation, of({ secret: 'x' })), undefined);
  assert.deepEqual(checkRequestContent(operation, of({ id: 'x' })), { place: 'body /', reason: 'required' });
  assert.equal(checkAnswerContent(operation, 201, of({ id: 'x' })), undefined);
  assert.deepEqual(checkAnswerContent(operation, 404, of({})), { place: 'status', reason: 'undescribed' });
});

test('parameters are read as what their schemas say, and a place is named in the words of the document alone', () => {
  const parameters = [
    { in: 'path', name: 'id', required: true, schema: { type: 'integer', minimum: 1 } },
    { in: 'query', name: 'limit', schema: { type: 'integer', maximum: 100 } },
    { in: 'query', name: 'code', required: true, schema: { type: 'string', pattern: '^[0-9]{4}$' } },
    { in: 'query', name: 'state', schema: { type: 'array', items: { enum: ['kz', 'ru'] }, maxItems: 2 } },
    { in: 'header', name: 'X-Exact', schema: { type: 'boolean' } },
  ];
  const document = { openapi: '3.1.0', paths: { '/things/{id}': { parameters, get: {} }, '/things/new': { get: {} } } };
  const contract = readContract(document as never);
  const check = (path: string, rawQuery: string, headers: [string, string][] = []) => {
    const operation = findOperation(contract, 'GET', path);
    assert.ok(operation);
    return checkParameters(operation, { path, rawQuery, headers })?.place;
  };
  assert.equal(check('/things/7', '?code=0012&limit=5&state=kz&state=ru', [['x-exact', 'true']]), undefined);
  assert.equal(check('/things/new', ''), undefined);
  assert.equal(check('/things/none', '?code=0012'), 'path id');
  assert.equal(check('/things/7', ''), 'query code');
  assert.equal(check('/things/7', '?code=12'), 'query code');
  assert.equal(check('/things/7', '?code=0012&code=0013'), 'query code');
  assert.equal(check('/things/7', '?code=0012&limit=1000'), 'query limit');
  assert.equal(check('/things/7', '?code=0012&state=am'), 'query state');
  assert.equal(check('/things/7', '?code=0012', [['X-EXACT', 'maybe']]), 'header x-exact');
  const people = { type: 'object', additionalProperties: { type: 'object', properties: { born: { type: 'string' } } } };
  const operation = findOperation(readContract(withSchema(people)), 'POST', '/things');
  assert.ok(operation);
  const problem = checkRequestContent(operation, {
    type: 'application/json',
    isEmpty: false,
    json: { 'KZ-T-000101': { born: 7 } },
  });
  assert.deepEqual(problem, { place: 'body /*/born', reason: 'type' });
});
