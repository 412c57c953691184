import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../storage/index.ts';
import { addDuration } from './durations.ts';
import { dayOf, startOfDay, timeZoneOf, today } from './time-zones.ts';

test('one moment can be two days in two states', () => {
  const clock = { now: () => '2026-03-01T19:30:00.000Z' };
  assert.equal(today(clock, 'kz'), '2026-03-02');
  assert.equal(today(clock, 'ru'), '2026-03-01');
});

test('the start of a day is in the day, and the millisecond before is not', () => {
  const day = fc
    .date({ min: new Date('1950-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(day, fc.constantFrom('am', 'by', 'kg', 'kz', 'ru'), (date, state) => {
      const start = startOfDay(date, state);
      assert.equal(dayOf(start, state), date);
      assert.notEqual(dayOf(new Date(Date.parse(start) - 1).toISOString(), state), date);
    }),
  );
});

test('an unknown state is refused, and so is a name that every object has', () => {
  for (const state of ['xx', '', 'constructor', 'KZ']) {
    assert.throws(
      () => timeZoneOf(state),
      (error) => isFailure(error, 'CALENDAR_STATE_UNKNOWN'),
    );
  }
});

test('what is no calendar day is refused', () => {
  for (const date of ['2026-02-30', '2026-13-01', '20260302', '2026-03-02T00:00', '2026-03-02[u-ca=hebrew]', '']) {
    assert.throws(
      () => addDuration(date, 'P1D'),
      (error) => isFailure(error, 'CALENDAR_DATE_WRONG'),
      date,
    );
  }
});

test('a month after the 31st is the last day of the next month, and hours are no part of a day', () => {
  assert.equal(addDuration('2026-01-31', 'P1M'), '2026-02-28');
  assert.equal(addDuration('2024-02-29', 'P1Y'), '2025-02-28');
  assert.throws(
    () => addDuration('2026-01-31', 'PT24H'),
    (error) => isFailure(error, 'CALENDAR_DURATION_WRONG'),
  );
});
