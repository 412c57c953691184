import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../storage/index.ts';
import { minimise } from './minimise.ts';

test('only what is named goes through, in its place', () => {
  const value: Json = { name: 'A', born: '1990', kin: [{ id: 1, x: 2 }, { id: 2 }, 7], 'a/b': 1 };
  assert.deepEqual(JSON.parse(JSON.stringify(minimise(value, ['/name', '/kin/*/id', '/a~1b']))), {
    name: 'A',
    kin: [{ id: 1 }, { id: 2 }, null],
    'a/b': 1,
  });
  assert.deepEqual(JSON.parse(JSON.stringify(minimise(value, []))), {});
  assert.equal(minimise('secret', ['/x']), null);
  assert.deepEqual(JSON.parse(JSON.stringify(minimise(JSON.parse('{"__proto__":{"x":1},"y":2}'), ['/y']))), { y: 2 });
});
