import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Column } from '../definition/register.ts';
import { CANONICAL, readValue } from './read-value.ts';

const column = (change: Partial<Column>): Column => ({
  name: 'x',
  header: 'x',
  type: 'text',
  required: false,
  values: new Map(),
  maxLength: 200,
  ...change,
});

test('any day is read in any order of its parts', () => {
  const day = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  fc.assert(
    fc.property(day, fc.constantFrom('Y-M-D', 'D.M.Y', 'D/M/Y', 'M/D/Y'), fc.boolean(), (date, dates, short) => {
      const [year = '', month = '', dayOfMonth = ''] = date.split('-');
      const bare = (part: string) => (short ? String(Number(part)) : part);
      const text = dates.replace('Y', year).replace('M', bare(month)).replace('D', bare(dayOfMonth));
      assert.deepEqual(readValue(column({ type: 'date' }), text, { ...CANONICAL, dates }, '2026-01-01'), {
        value: date,
      });
    }),
  );
});

test('what is no day is none', () => {
  for (const text of ['2023-02-29', '2023-13-01', '2023-00-10', '23-01-01', '2023-1', '2023-01-01T00:00', '20230101']) {
    assert.ok('reason' in readValue(column({ type: 'date' }), text, CANONICAL, '2026-01-01'), text);
  }
});

test('a decimal has one form and keeps every digit', () => {
  const decimal = (text: string) => readValue(column({ type: 'decimal' }), text, CANONICAL, '2026-01-01');
  assert.deepEqual(decimal('0012.3400'), { value: '12.34' });
  assert.deepEqual(decimal('-0.0'), { value: '0' });
  assert.deepEqual(decimal('123456789012345678901234567890.1'), { value: '123456789012345678901234567890.1' });
  for (const wrong of ['1e5', '.5', '1.2.3', '1,5', 'NaN', '--1']) assert.ok('reason' in decimal(wrong), wrong);
});

test('text is composed, trimmed, and free of control characters', () => {
  const text = (value: string) => readValue(column({}), value, CANONICAL, '2026-01-01');
  assert.deepEqual(text('  Андреи\u0306 '), { value: 'Андрей' });
  assert.ok('reason' in text('a\u0000b'));
  assert.deepEqual(text('   '), { value: null });
});
