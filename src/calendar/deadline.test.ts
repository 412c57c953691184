import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../storage/index.ts';
import { deadline } from './deadline.ts';
import { dayOf } from './time-zones.ts';

const state = fc.constantFrom('am', 'by', 'kg', 'kz', 'ru');
const moment = fc
  .date({ min: new Date('2021-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

test('a deadline in days ends with the last day in the zone of the state', () => {
  assert.equal(deadline('2026-03-02T09:30:00.000Z', 'P10D', 'kz'), '2026-03-12T18:59:59.999Z');
  assert.equal(deadline('2026-03-02T09:30:00.000Z', 'P10D', 'ru'), '2026-03-12T20:59:59.999Z');
});

test('a deadline that begins late in the evening counts the day of the state, not the day of UTC', () => {
  assert.equal(deadline('2026-03-01T20:00:00.000Z', 'P1D', 'kz'), '2026-03-03T18:59:59.999Z');
});

test('a deadline in months that begins on the 31st ends on the last day of a shorter month', () => {
  assert.equal(dayOf(deadline('2026-01-31T08:00:00.000Z', 'P1M', 'by'), 'by'), '2026-02-28');
});

test('a deadline in minutes is counted from moment to moment', () => {
  assert.equal(deadline('2026-03-02T09:30:00.000Z', 'PT10M', 'kz'), '2026-03-02T09:40:00.000Z');
  assert.equal(deadline('2026-03-02T09:30:00.000Z', 'P1DT2H', 'kz'), '2026-03-03T11:30:00.000Z');
});

test('a longer time never ends earlier, and a later beginning never ends earlier', () => {
  fc.assert(
    fc.property(moment, moment, fc.nat(800), fc.nat(800), state, (one, other, days, more, where) => {
      const [first, second] = [one, other].sort();
      assert.ok(deadline(first ?? one, `P${days}D`, where) <= deadline(second ?? other, `P${days}D`, where));
      assert.ok(deadline(one, `P${days}D`, where) <= deadline(one, `P${days + more}D`, where));
    }),
  );
});

test('a deadline of n days falls on the n-th day after, and the next millisecond is the next day', () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: 1, max: 2000 }), state, (from, days, where) => {
      const end = deadline(from, `P${days}D`, where);
      const start = Temporal.PlainDate.from(dayOf(from, where));
      assert.equal(start.until(dayOf(end, where)).days, days);
      const next = new Date(Date.parse(end) + 1).toISOString();
      assert.equal(Temporal.PlainDate.from(dayOf(end, where)).until(dayOf(next, where)).days, 1);
    }),
  );
});

test('what is no duration, or a negative one, is refused', () => {
  for (const wrong of ['', 'P', '10D', '-P1D', 'P1.5D', 'tomorrow']) {
    assert.throws(
      () => deadline('2026-03-02T09:30:00.000Z', wrong, 'kz'),
      (error) => isFailure(error, 'CALENDAR_DURATION_WRONG'),
      wrong,
    );
  }
});
