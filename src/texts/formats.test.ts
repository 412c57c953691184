import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  direction,
  formatDate,
  formatDateShort,
  formatDuration,
  formatList,
  formatNumber,
  LANGUAGES,
  languageName,
  negotiate,
  stateName,
} from './index.ts';

test('a plain date never shifts, wherever the node stands', () => {
  assert.equal(formatDate('en', '2026-11-22'), '22 November 2026');
  assert.equal(formatDate('ru', '2026-11-22', 'Asia/Almaty'), '22 ноября 2026 г.');
  assert.equal(formatDate('be', '2026-01-01', 'Pacific/Honolulu'), '1 студзеня 2026 г.');
});

test('a moment is shown in the given zone, with its offset', () => {
  const text = formatDate('en', '2026-11-22T19:28:11.123Z', 'Asia/Almaty');
  assert.match(text, /23 November 2026/);
  assert.match(text, /00:28/);
  assert.match(text, /GMT\+5/);
});

test('short dates of English readers cannot be misread', () => {
  assert.equal(formatDateShort('en', '2026-03-02'), '02 Mar 2026');
  assert.equal(formatDateShort('ru', '2026-03-02'), '02.03.2026');
});

test('what is no date stays as it is', () => {
  for (const wrong of ['', 'soon', '2026-13-45', '2026-11-22T99:00:00Z']) assert.equal(formatDate('en', wrong), wrong);
});

test('numbers, lists and durations are those of the language', () => {
  assert.equal(formatNumber('ru', 1234.5).replace(/\s/g, ' '), '1 234,5');
  assert.equal(formatList('en', ['A', 'B', 'C']), 'A, B and C');
  assert.equal(formatDuration('en', 'P30D'), '30 days');
  assert.equal(formatDuration('en', 'P1Y6M'), '1 year 6 months');
  assert.equal(formatDuration('ru', 'P5Y').replace(/\s/g, ' '), '5 лет');
  for (const wrong of ['P', 'PT', '30', 'P1X']) assert.equal(formatDuration('en', wrong), wrong);
});

test('states and languages have names in all six languages', () => {
  for (const language of LANGUAGES) {
    const names = ['am', 'by', 'kg', 'kz', 'ru'].map((state) => stateName(language, state));
    assert.equal(new Set(names).size, 5);
    for (const name of names) assert.match(name, /^\p{Lu}\p{L}+$/u);
    assert.match(languageName(language), /^\p{Lu}/u);
  }
  assert.equal(stateName('ru', 'kg'), 'Кыргызстан');
  assert.equal(stateName('en', 'not a code'), 'not a code');
});

test('the browser’s wishes choose the language, best first, whatever the region', () => {
  assert.equal(negotiate('kk-KZ, ru;q=0.8, en;q=0.5'), 'kk');
  assert.equal(negotiate('de, ru;q=0.3, hy;q=0.9'), 'hy');
  assert.equal(negotiate('fr, de'), 'en');
  assert.equal(negotiate('fr, *;q=0.1', 'be'), 'be');
  assert.equal(negotiate('ru;q=0, ky;q=0.1'), 'ky');
  assert.equal(negotiate(undefined, 'ky'), 'ky');
  assert.equal(negotiate('', 'ky'), 'ky');
  assert.equal(negotiate(';;;,,,q=1;ru;q=x', 'hy'), 'hy');
});

test('lines run the way of the script', () => {
  for (const language of LANGUAGES) assert.equal(direction(language), 'ltr');
  assert.equal(direction('ar'), 'rtl');
});
