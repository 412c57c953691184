// The people of whom no story is told: residents of each state and their working lives.
import { employers } from './employers.mjs';
import { inLatin, inOtherLatin, people } from './names.mjs';
import { dayBetween, plusDays } from './random.mjs';

const RESIDENTS = 230;
/** Everything is over or open by this day, so that the files can be imported under any later clock. */
export const LAST_DAY = '2026-02-28';
const STATES = ['am', 'by', 'kg', 'kz', 'ru'];
/** Where people of a state go to work most. */
const ABROAD = {
  am: ['ru', 'ru', 'kz', 'by'],
  by: ['ru', 'ru', 'kz'],
  kg: ['ru', 'ru', 'kz', 'kz'],
  kz: ['ru', 'kg', 'by'],
  ru: ['kz', 'by', 'am', 'kg'],
};

const number = (state, letter, value) => `${state.toUpperCase()}-${letter}-${String(value).padStart(6, '0')}`;

/** Residents with their names over time; ids from 1001. */
export function makeResidents(random, state) {
  return Array.from({ length: RESIDENTS }, (_, index) => {
    const woman = random.chance(0.52);
    const birthDate = dayBetween(random, '1955-01-01', '2003-12-31');
    const bornAs = people[state](random, woman);
    const records = [{ name: bornAs, from: birthDate, to: '' }];
    const married = plusDays(birthDate, random.between(7000, 11000));
    if (woman && married < '2020-01-01' && random.chance(0.3)) {
      const husband = people[state](random, true);
      const family = (form) => ({ ...bornAs[form], family: husband[form].family });
      records[0].to = plusDays(married, -1);
      records.push({
        name: { ...bornAs, native: family('native'), russian: family('russian'), latin: family('latin') },
        from: married,
        to: '',
      });
    }
    const id = number(state, 'T', 1001 + index);
    const earlier = random.chance(0.04) ? { state, value: number(state, 'T', 900001 + index) } : undefined;
    return { id, state, woman, birthDate, records, citizenship: state, other: earlier };
  });
}

/** The name that a resident bore on a day. */
export function nameOn(resident, day) {
  return (resident.records.find((record) => record.to === '' || record.to >= day) ?? resident.records[0]).name;
}

/** How a clerk of a state writes a person's name: in the state's own way, or as it was heard, or as the passport has it. */
export function writtenIn(random, state, resident, day) {
  const name = nameOn(resident, day);
  if (state === resident.state) {
    const { family, given } = name.native;
    return { family, given: state === 'ru' && random.chance(0.8) ? `${given} ${name.father}` : given };
  }
  if (state === 'am') return name.latin;
  if (random.chance(0.2)) {
    const write = random.chance(0.5) ? inLatin : inOtherLatin;
    return { family: write(name.russian.family), given: write(name.russian.given) };
  }
  return name.russian;
}

/** Working lives: what each fund has written down. Numbers from 1001 in the order of the funds' books. */
export function makePeriods(random, residents) {
  const books = Object.fromEntries(STATES.map((state) => [state, []]));
  const open = (state, resident, noted) => {
    const book = books[state];
    book.push({ id: number(state, 'P', 1001 + book.length), resident, noted, periods: [] });
    return book.at(-1);
  };
  for (const resident of residents) {
    if (!random.chance(0.72)) continue;
    const home = open(resident.state, resident, true);
    let day = plusDays(resident.birthDate, random.between(6800, 9500));
    const abroad = random.chance(0.25) ? random.pick(ABROAD[resident.state]) : undefined;
    const count = random.between(1, 4);
    for (let turn = 0; turn < count && day < '2025-10-01'; turn++) {
      const away = abroad !== undefined && turn === count - 1;
      const from = away ? dayBetween(random, '2015-01-01', '2024-06-30') : day;
      const until = plusDays(from, random.between(120, away ? 1500 : 4200));
      const isLast = turn === count - 1 || plusDays(until, 1) >= '2025-10-01';
      const stays = isLast && random.chance(0.35) && from < '2025-01-01';
      const account = away ? open(abroad, resident, random.chance(0.8)) : home;
      account.periods.push(period(random, away ? abroad : resident.state, from, stays ? '' : min(until, LAST_DAY)));
      // Some begin the next work before they leave the last, most after a while.
      day = plusDays(until, random.chance(0.15) ? -random.between(20, 200) : random.between(1, 500));
    }
  }
  return books;
}

function period(random, state, from, to) {
  const kind = random.chance(0.88) ? 'employment' : random.pick(['self-employment', 'military', 'childcare']);
  const paid = kind === 'employment' ? !random.chance(0.03) : kind === 'self-employment' && random.chance(0.7);
  return { employer: random.pick(employers[state]), from, to, kind, paid };
}

const min = (one, other) => (one < other ? one : other);
