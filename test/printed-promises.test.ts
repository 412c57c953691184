// What a printed regulation promises of the platform in figures is what the rooms keep.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MESSAGE_LIFE_DAYS } from '../src/agreements/print/abnormal.tsx';
import { LIMITS } from '../src/exchange/limits.ts';

test('a message waits for its receiver as long as the regulation says', () => {
  assert.equal(MESSAGE_LIFE_DAYS * 86_400_000, LIMITS.messageLifeMs);
});
