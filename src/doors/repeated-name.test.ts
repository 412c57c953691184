import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasRepeatedName } from './repeated-name.ts';

test('a name that an object has twice is found, however it is written', () => {
  for (const text of ['{"a":1,"a":2}', '{"a":{},"\\u0061" : 2}', '[{"x":[{"b":1,"c":{},"b":3}]}]', '{"":1,"":2}'])
    assert.equal(hasRepeatedName(text), true, text);
  for (const text of [
    '{"a":1,"b":"a"}',
    '[{"a":1},{"a":2}]',
    '{"a":{"a":{"a":[]}}}',
    '{"a":"\\"a\\":","b":"a\\\\"}',
    '"a"',
    '7',
  ])
    assert.equal(hasRepeatedName(text), false, text);
});

test('what was written by a program has no name twice', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => assert.equal(hasRepeatedName(JSON.stringify(value)), false)));
});
