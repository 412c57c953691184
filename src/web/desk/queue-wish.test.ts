import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { filterOf, readWish, wishQuery } from './queue-wish.ts';

const NOW = '2026-03-02T06:00:00.000Z';

test('a way to look goes through its address unchanged, and what an address makes up is nothing', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('service', 'stage', 'whose', 'due', 'waits', 'sort', 'x'), fc.string()),
      (query) => {
        const wish = readWish(query);
        assert.deepEqual(readWish(Object.fromEntries(new URLSearchParams(wishQuery(wish)))), wish);
      },
    ),
  );
  const wish = readWish({
    service: 'pension/pension',
    stage: 'confirmation',
    whose: 'mine',
    due: 'week',
    waits: 'yes',
  });
  assert.equal(wishQuery(wish), 'service=pension%2Fpension&stage=confirmation&whose=mine&due=week&waits=yes');
  assert.equal(wishQuery(readWish({ service: "x' or 1=1", stage: 'decided', whose: 'constructor', sort: 'id' })), '');
});

test('each part of it narrows the queue, and what is left out does not', () => {
  assert.deepEqual(filterOf(readWish({}), 'anna', NOW), {});
  assert.deepEqual(filterOf(readWish({ whose: 'mine', due: 'late' }), 'anna', NOW), { assignee: 'anna', dueBy: NOW });
  assert.deepEqual(filterOf(readWish({ whose: 'nobody', due: 'week', waits: 'yes', sort: 'filed' }), 'anna', NOW), {
    ...{ assignee: null, dueBy: '2026-03-09T06:00:00.000Z' },
    ...{ waits: true, byFiling: true },
  });
});
