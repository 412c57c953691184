import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure, type Json } from '../storage/index.ts';
import { type CallParts, namedInAnswer, namedInCall, readPersonPlaces } from './person-places.ts';

const call = (parts: Partial<CallParts> = {}): CallParts => ({ path: '', rawQuery: '', headers: [], ...parts });
const inCall = (places: string[], parts: Partial<CallParts>) =>
  namedInCall(readPersonPlaces(places), call(parts))?.map(({ number, state }) =>
    state === undefined ? number : `${number}@${state}`,
  );
const isUnnamed = (error: unknown) => isFailure(error, 'ACCESS_PERSON_UNNAMED');

test('a service must say whether its calls concern persons, in a form that is known', () => {
  for (const texts of [
    [],
    [''],
    ['maybe'],
    ['path:/persons/*'],
    ['path:/{person}/{person}'],
    ['path:persons/{person}'],
    ['body:code'],
    ['answer:code'],
    ['header:a b'],
    ['none:x'],
    ['none:/x@by'],
    Array.from({ length: 21 }, () => 'query:code'),
  ]) {
    assert.throws(
      () => readPersonPlaces(texts),
      (error) => isFailure(error, 'ACCESS_PERSONS') || isFailure(error, 'ACCESS_PATTERN'),
      texts.join(),
    );
  }
});

test('whom a call is about is read from its path, query, headers and body', () => {
  assert.deepEqual(inCall(['path:/persons/{person}/**'], { path: '/persons/KZ-T-1/events' }), ['KZ-T-1']);
  assert.deepEqual(inCall(['path:/*/{person}'], { path: '/a/%D0%90-1' }), ['А-1']);
  assert.deepEqual(inCall(['query:code@by'], { rawQuery: '?x=1&c%6Fde=7' }), ['7@by']);
  assert.deepEqual(inCall(['header:X-Person'], { headers: [['x-person', ' 7 ']] }), ['7']);
  assert.deepEqual(inCall(['body:/persons/*/id'], { body: { persons: [{ id: 7 }, { id: '8' }, { id: 7 }] } }), [
    '7',
    '8',
  ]);
  assert.deepEqual(inCall(['path:/p/{person}', 'query:code'], { path: '/p/1', rawQuery: '?code=2&code=3' }), [
    '1',
    '2',
    '3',
  ]);
});

test('a call that names nobody is refused, and so is what is no number', () => {
  const refused = (places: string[], parts: Partial<CallParts>) =>
    assert.throws(() => inCall(places, parts), isUnnamed, JSON.stringify(parts));
  refused(['path:/persons/{person}'], { path: '/persons' });
  refused(['path:/persons/{person}'], { path: '/persons/7/more' });
  refused(['query:code'], {});
  refused(['query:code'], { rawQuery: '?Code=7' });
  refused(['query:code'], { rawQuery: '?code=' });
  refused(['query:code'], { rawQuery: '?code=7,8' });
  refused(['query:code'], { rawQuery: '?code=%37%00' });
  refused(['query:code'], { rawQuery: '?code=7&x=1;code=8' });
  refused(['query:code'], { rawQuery: '?code=%ff' });
  refused(['header:x-person'], { headers: [['X-Person', '7, 8']] });
  refused(['body:/id'], {});
  for (const body of [{}, [], null, 'x', { id: null }, { id: true }, { id: { of: 7 } }, { id: 1.5 }, { id: '' }])
    refused(['body:/id'], { body: body as Json });
  refused(['body:/ids/*/id'], { body: { ids: [] } });
});

test('calls of some paths may be about nobody while others name somebody', () => {
  const places = ['none:/codes/**', 'path:/persons/{person}'];
  assert.equal(inCall(places, { path: '/codes/sex' }), undefined);
  assert.deepEqual(inCall(places, { path: '/persons/7' }), ['7']);
  assert.throws(() => inCall(places, { path: '/codesx' }), isUnnamed);
  assert.equal(inCall(['none'], {}), undefined);
});

test('an answer names each of its persons, and one that leaves somebody out is refused', () => {
  const inAnswer = (places: string[], answer: Json) =>
    namedInAnswer(readPersonPlaces(places), answer).map(({ number }) => number);
  assert.deepEqual(inCall(['answer:/id'], {}), [], 'the answer will say');
  assert.deepEqual(inAnswer(['answer:/items/*/id'], { items: [{ id: 'a' }, { id: 'b' }] }), ['a', 'b']);
  assert.deepEqual(inAnswer(['answer:/*/id'], []), []);
  assert.deepEqual(inAnswer(['query:x', 'answer:/a~1b'], { 'a/b': 7 }), ['7']);
  for (const answer of [{}, { items: [{ id: 'a' }, {}] }, { items: 'x' }, { items: [null] }, null]) {
    assert.throws(() => inAnswer(['answer:/items/*/id'], answer as Json), isUnnamed, JSON.stringify(answer));
  }
});

test('whatever a number is, it comes out of path, query and body as it went in', () => {
  const number = fc.stringMatching(/^[A-Z0-9][A-Z0-9./-]{0,20}$/);
  fc.assert(
    fc.property(number, (one) => {
      const encoded = encodeURIComponent(one);
      assert.deepEqual(inCall(['query:code'], { rawQuery: `?a=b&code=${encoded}` }), [one]);
      assert.deepEqual(inCall(['body:/a/0/b'], { body: { a: [{ b: one }] } }), [one]);
      if (!one.includes('/')) assert.deepEqual(inCall(['path:/p/{person}'], { path: `/p/${encoded}` }), [one]);
    }),
  );
});
