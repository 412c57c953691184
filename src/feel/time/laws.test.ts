import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { calendarDay, daysOf, weekdayOf, weekOfYear } from './calendar.ts';
import { addMonths, dateFromDays, type FeelDate, monthsBetween, parseDate } from './date.ts';
import { parseDateTime } from './date-time.ts';
import { daysTime, negate, parseDuration, YearsMonthsDuration } from './duration.ts';
import { parseTime } from './time.ts';

const days = fc.integer({ min: -90_000_000, max: 90_000_000 });
const near = fc.integer({ min: -40_000, max: 60_000 }).map((count) => dateFromDays(count) as FeelDate);
const months = fc.integer({ min: -2400, max: 2400 });

/** The same day in the runtime's own calendar. */
const plain = (date: FeelDate): Temporal.PlainDate => new Temporal.PlainDate(date.year, date.month, date.day);

describe('the calendar', () => {
  test('counting days and naming them are inverse, for every year', () => {
    fc.assert(
      fc.property(fc.oneof(days, fc.integer({ min: -365_000_000_000, max: 365_000_000_000 })), (count) => {
        const { year, month, day } = calendarDay(count);
        assert.equal(daysOf(year, month, day), count);
      }),
    );
  });

  test('agrees with Temporal', () => {
    fc.assert(
      fc.property(near, near, months, (a, b, count) => {
        assert.equal(a.toString(), plain(a).toString());
        assert.equal(weekdayOf(a.days), plain(a).dayOfWeek);
        assert.equal(weekOfYear(a.days), plain(a).weekOfYear);
        assert.equal(b.days - a.days, plain(a).until(plain(b)).days);
        assert.equal(String(addMonths(a, count)), plain(a).add({ months: count }).toString());
      }),
    );
  });

  test('whole months forwards agree with Temporal, and backwards are the same with the other sign', () => {
    fc.assert(
      fc.property(near, near, (a, b) => {
        const [first, last] = a.days <= b.days ? [a, b] : [b, a];
        const span = plain(first).until(plain(last), { largestUnit: 'months' });
        const forwards = monthsBetween(first, last);
        // Temporal counts the 29th to 31st as reached on a shorter month's last day; FEEL does not.
        if (first.day <= 28) assert.equal(forwards, span.months);
        assert.equal(monthsBetween(last, first) + forwards, 0);
      }),
    );
  });

  test('adding months never goes past the month that it means', () => {
    fc.assert(
      fc.property(near, months, (date, count) => {
        const later = addMonths(date, count) as FeelDate;
        assert.equal(later.year * 12 + later.month, date.year * 12 + date.month + count);
      }),
    );
  });
});

describe('durations', () => {
  const duration = fc
    .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 86_399_999_999_999 }))
    .map(([whole, nanos]) => daysTime(whole, nanos));

  test('are read from what they are written as', () => {
    fc.assert(
      fc.property(duration, (value) => {
        assert(value !== null);
        assert.deepEqual(parseDuration(String(value)), value);
        assert.deepEqual(negate(negate(value)), value);
      }),
    );
    fc.assert(
      fc.property(months, (count) => {
        const value = new YearsMonthsDuration(count);
        assert.deepEqual(parseDuration(String(value)), value);
      }),
    );
  });

  for (const text of ['P', 'PT', '-P', 'P1Y1D', 'P1', '1D', 'P1.5Y', 'PT1D', 'P1H', 'p1d', 'P-1D', '']) {
    test(`${JSON.stringify(text)} is none`, () => assert.equal(parseDuration(text), null));
  }
});

describe('dates and times are read strictly', () => {
  for (const text of [
    '2021-2-1',
    '2021-02-30',
    '21-01-01',
    '2021-13-01',
    '2021-00-01',
    '02021-01-01',
    '2021-01-01Z',
    ' 2021-01-01',
    '9999999999-01-01',
  ]) {
    test(`${JSON.stringify(text)} is no date`, () => assert.equal(parseDate(text), null));
  }
  for (const text of [
    '25:00:00',
    '24:00:00',
    '10:60:00',
    '10:00',
    '10:00:60',
    '10:00:00+15:00',
    '10:00:00@Nowhere/City',
    '10:00:00Z@Europe/Paris',
  ]) {
    test(`${JSON.stringify(text)} is no time`, () => assert.equal(parseTime(text), null));
  }
  test('a date and time keeps its named zone and takes its offset of that day', () => {
    const winter = parseDateTime('2021-01-15T12:00:00@Europe/Paris');
    const summer = parseDateTime('2021-07-15T12:00:00@Europe/Paris');
    assert.deepEqual([winter?.zone?.offset, summer?.zone?.offset], [3600, 7200]);
    assert.equal(String(summer), '2021-07-15T12:00:00@Europe/Paris');
  });
});
