import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askOwnRegister } from './testing-question.ts';

test('a question under a ratified agreement is answered in the form of its evidence type, with one entry', async (t) => {
  const { ended, entries } = await askOwnRegister(t, () => undefined);
  assert.equal(ended[0]?.result?.result, 'found');
  assert.equal(ended[0]?.result?.facts?.birthDate, '1960-02-20');
  assert.deepEqual([ended.length, entries], [1, 1]);
});

test('a wrong question is refused with its code, and nothing is looked up', async (t) => {
  const { ended, entries } = await askOwnRegister(t, (query) => {
    query.purpose = 'curiosity';
  });
  assert.deepEqual(ended, [{ refusal: 'REGISTERS_PURPOSE_OTHER' }]);
  assert.equal(entries, 0);
});

test('a question under a contract that this state has not ratified is refused', async (t) => {
  const { ended, entries } = await askOwnRegister(t, () => undefined, false);
  assert.deepEqual(ended, [{ refusal: 'REGISTERS_CONTRACT_UNKNOWN' }]);
  assert.equal(entries, 0);
});
