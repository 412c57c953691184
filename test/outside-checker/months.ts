import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv } from './csv.ts';

/** A period of work as an agency's file has it; `to` is empty while it goes on. Days are `YYYY-MM-DD`. */
export interface Period {
  employer: string;
  from: string;
  to: string;
  paid: boolean;
}

/** How each state's agency writes its file: our own reading of the five files, not of the program's definitions. */
const HABITS: Record<string, { separator: string; day: RegExp; order: readonly number[]; paid: readonly string[] }> = {
  am: { separator: ',', day: /^(\d\d)\/(\d\d)\/(\d{4})$/, order: [3, 2, 1], paid: ['true'] },
  by: { separator: ';', day: /^(\d{4})-(\d\d)-(\d\d)$/, order: [1, 2, 3], paid: ['1'] },
  kg: { separator: ',', day: /^(\d{4})-(\d\d)-(\d\d)$/, order: [1, 2, 3], paid: ['true'] },
  kz: { separator: ',', day: /^(\d{4})-(\d\d)-(\d\d)$/, order: [1, 2, 3], paid: ['true'] },
  ru: { separator: ';', day: /^(\d\d)\.(\d\d)\.(\d{4})$/, order: [3, 2, 1], paid: ['да'] },
};

/** Where each file has what is needed, by column. */
const COLUMN = { number: 5, home: 6, foreign: 7, employer: 8, from: 9, to: 10, paid: 12 };

/** The CSV file that a state's pension fund exported. */
export function pensionFile(root: string, state: string): string {
  return join(root, 'seeds', state, 'pension-fund.csv');
}

/** The periods that a state's file has of the person with a number in the population register of her home state. */
export function periodsOf(root: string, state: string, person: { home: string; number: string }): Period[] {
  const habit = HABITS[state];
  if (habit === undefined) throw new Error(`no habits of ${state}`);
  const day = (text: string): string => {
    const parts = habit.day.exec(text);
    return parts === null ? '' : habit.order.map((place) => parts[place]).join('-');
  };
  return readCsv(readFileSync(pensionFile(root, state), 'utf8'), habit.separator)
    .map((row) => Object.values(row))
    .filter((row) =>
      state === person.home
        ? row[COLUMN.number] === person.number
        : row[COLUMN.home] === person.home.toUpperCase() && row[COLUMN.foreign] === person.number,
    )
    .map((row) => ({
      employer: row[COLUMN.employer] ?? '',
      from: day(row[COLUMN.from] ?? ''),
      to: day(row[COLUMN.to] ?? ''),
      paid: habit.paid.includes(row[COLUMN.paid] ?? ''),
    }));
}

const FIRST_DAY = '2021-01-01';

/**
 * Full months since the treaty came into force, counted day by day: a calendar month counts when each of its days lies in a paid
 * period and is not after the day of the claim.
 */
export function fullMonths(periods: readonly Period[], claim: string): number {
  const paid = periods.filter(({ paid }) => paid);
  let months = 0;
  let whole = true;
  for (let day = FIRST_DAY; day <= claim; ) {
    whole &&= paid.some(({ from, to }) => from <= day && (to === '' || day <= to));
    const next = dayAfter(day);
    if (next.slice(0, 7) !== day.slice(0, 7)) {
      if (whole) months++;
      whole = true;
    }
    day = next;
  }
  return months;
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
