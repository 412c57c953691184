import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../storage/index.ts';
import { dayOf } from './time-zones.ts';
import { workingDaysAfter } from './working-days.ts';

const last = (from: string, days: string, holidays: string[] = []) =>
  dayOf(workingDaysAfter(from, days, 'kz', holidays), 'kz');

test('Saturdays and Sundays are not counted, and an act on one of them begins no earlier than Monday', () => {
  assert.equal(last('2026-03-06T05:00:00.000Z', 'P1D'), '2026-03-09');
  assert.equal(last('2026-03-07T05:00:00.000Z', 'P1D'), '2026-03-09');
  assert.equal(last('2026-03-02T05:00:00.000Z', 'P5D'), '2026-03-09');
  assert.equal(last('2026-03-02T05:00:00.000Z', 'P0D'), '2026-03-02');
});

test('a holiday of every year and one of a single year are not counted', () => {
  assert.equal(last('2026-03-02T05:00:00.000Z', 'P5D', ['03-09']), '2026-03-10');
  assert.equal(last('2027-03-05T05:00:00.000Z', 'P1D', ['03-08']), '2027-03-09');
  assert.equal(last('2026-03-02T05:00:00.000Z', 'P5D', ['2026-03-09']), '2026-03-10');
  assert.equal(last('2027-03-05T05:00:00.000Z', 'P1D', ['2026-03-08']), '2027-03-08');
});

test('the last day counts whole, in the zone of the state', () => {
  assert.equal(workingDaysAfter('2026-03-02T05:00:00.000Z', 'P1D', 'kz', []), '2026-03-03T18:59:59.999Z');
  assert.equal(workingDaysAfter('2026-03-02T05:00:00.000Z', 'P1D', 'ru', []), '2026-03-03T20:59:59.999Z');
});

test('as many working days lie between as were asked for, whatever the holidays', () => {
  const moment = fc
    .date({ min: new Date('2021-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString());
  const holiday = fc
    .date({ min: new Date('2024-01-01T00:00:00Z'), max: new Date('2024-12-31T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(5, 10));
  const holidays = fc.array(holiday, { maxLength: 15 });
  fc.assert(
    fc.property(moment, fc.integer({ min: 0, max: 60 }), holidays, (from, days, rest) => {
      const end = last(from, `P${days}D`, rest);
      let counted = 0;
      for (let day = Temporal.PlainDate.from(dayOf(from, 'kz')); day.toString() < end; ) {
        day = day.add({ days: 1 });
        if (day.dayOfWeek < 6 && !rest.includes(day.toString().slice(5))) counted++;
      }
      assert.equal(counted, days);
    }),
  );
});

test('months, weeks and hours are no number of working days', () => {
  for (const wrong of ['P1M', 'P1W', 'PT8H', 'P1DT1H', '-P1D', 'soon']) {
    assert.throws(
      () => workingDaysAfter('2026-03-02T05:00:00.000Z', wrong, 'kz', []),
      (error) => isFailure(error, 'CALENDAR_DURATION_WRONG'),
      wrong,
    );
  }
});
