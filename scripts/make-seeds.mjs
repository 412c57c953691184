// Writes the registers of the demonstration: `seeds/<state>/population.csv` and `pension-fund.csv`, as each agency would export them,
// with the faults that exports have. The same script gives the same files; the files are kept in the repository.
// `node scripts/make-seeds.mjs [FOLDER]` writes them elsewhere.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accounts, residents as cast } from './seeds/cast.mjs';
import { LAST_DAY, makePeriods, makeResidents, nameOn, writtenIn } from './seeds/crowd.mjs';
import { csvLine } from './seeds/csv.mjs';
import { seededRandom } from './seeds/random.mjs';

const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', 'seeds');
const STATES = ['am', 'by', 'kg', 'kz', 'ru'];

const dotted = (date) => date.split('-').reverse().join('.');
const slashed = (date) => date.split('-').reverse().join('/');
const asIs = (text) => text;

/** How each state's agencies write their files; the readings of it stand in `registers/*.yaml`. */
const POPULATION = {
  ru: {
    delimiter: ';',
    date: dotted,
    none: '-',
    sex: { F: 'Ж', M: 'М' },
    heading: [
      'Номер записи',
      'Порядковый номер',
      'Фамилия',
      'Имя',
      'Фамилия латиницей',
      'Имя латиницей',
      'Дата рождения',
      'Пол',
      'Гражданство',
      'Другое государство',
      'Номер в другом государстве',
      'Действует с',
      'Действует по',
    ],
  },
  by: { russian: true },
};
const PENSION = {
  ru: {
    delimiter: ';',
    date: dotted,
    none: '-',
    paid: ['да', 'нет'],
    kinds: {
      employment: 'трудовой договор',
      'self-employment': 'самозанятый',
      military: 'военная служба',
      childcare: 'уход за ребёнком',
    },
    heading: [
      'Страховой номер',
      'Номер периода',
      'Фамилия',
      'Имя и отчество',
      'Дата рождения',
      'Номер записи',
      'Государство гражданства',
      'Номер в государстве гражданства',
      'Работодатель',
      'Начало',
      'Конец',
      'Вид деятельности',
      'Взносы уплачены',
    ],
  },
  by: {
    delimiter: ';',
    none: '-',
    kinds: { employment: '01', 'self-employment': '02', military: '03', childcare: '04' },
    paid: ['1', '0'],
  },
  am: { date: slashed },
};
const PLAIN = { delimiter: ',', date: asIs, none: '', sex: { F: 'F', M: 'M' }, kinds: {}, paid: ['true', 'false'] };

function populationFile(state, residents) {
  const style = { ...PLAIN, ...POPULATION[state] };
  const date = (day) => (day === '' ? style.none : style.date(day));
  const heading = style.heading ?? [
    ...['personal_number', 'record_no', 'family', 'given'],
    ...(style.russian ? ['family_ru', 'given_ru'] : []),
    ...[
      'family_latin',
      'given_latin',
      'birth_date',
      'sex',
      'citizenship',
      'other_state',
      'other_number',
      'valid_from',
      'valid_to',
    ],
  ];
  const rows = residents.flatMap((resident) =>
    resident.records.map(({ name, from, to }, index) => [
      ...[resident.id, index + 1, name.native.family, name.native.given],
      ...(style.russian ? [name.russian.family, name.russian.given] : []),
      ...[name.latin.family, name.latin.given, date(resident.birthDate), style.sex[resident.woman ? 'F' : 'M']],
      ...[
        resident.citizenship.toUpperCase(),
        resident.other?.state.toUpperCase() ?? style.none,
        resident.other?.value ?? style.none,
      ],
      ...[date(from), date(to)],
    ]),
  );
  const birth = heading.length - 7;
  const faulty = [
    { after: 40, change: (row) => row.with(birth, style.none) },
    { after: 90, change: (row) => row.with(birth + 1, 'X') },
    { after: 150, change: (row) => row.with(0, row[0].slice(0, -1)) },
    {
      after: 200,
      change: (row) => row.with(heading.length - 2, date('2019-05-01')).with(heading.length - 1, date('2018-05-01')),
    },
  ];
  return text(
    heading,
    withFaults(rows, faulty, (row, number) => row.with(0, `${state.toUpperCase()}-T-${800000 + number}`)),
    style.delimiter,
  );
}

function pensionFile(state, book) {
  const style = { ...PLAIN, ...PENSION[state] };
  const date = (day) => (day === '' ? style.none : style.date(day));
  const heading = style.heading ?? [
    ...[
      'insurance_number',
      'period_no',
      'family',
      'given',
      'birth_date',
      'national_number',
      'home_state',
      'home_number',
    ],
    ...['employer', 'from', 'to', 'kind', 'contributions_paid'],
  ];
  const rows = book.flatMap((account) =>
    account.periods.map((period, index) => [
      ...[account.id, index + 1, period.written.family, period.written.given, date(account.resident.birthDate)],
      ...[
        account.national ?? style.none,
        account.home?.state.toUpperCase() ?? style.none,
        account.home?.value ?? style.none,
      ],
      ...[
        period.employer,
        date(period.from),
        date(period.to),
        style.kinds[period.kind] ?? period.kind,
        style.paid[period.paid ? 0 : 1],
      ],
    ]),
  );
  const faulty = [
    { after: 30, change: (row) => row.with(9, date('2019-06-01')).with(10, date('2018-06-01')) },
    { after: 70, change: (row) => row.with(11, 'seasonal') },
    { after: 110, change: (row) => row.with(0, style.none) },
    { after: 160, change: (row) => row.with(9, style.date('2021-02-30')) },
    { after: 210, change: (row) => row.slice(0, -1) },
    { after: 240, change: (row) => row.with(8, '') },
    // The same period once more, with another end: which is right, only the agency knows.
    { after: 280, same: true, change: (row) => row.with(10, date('2026-02-27')) },
  ];
  const lines = withFaults(rows, faulty, (row, number) => row.with(0, `${state.toUpperCase()}-P-${800000 + number}`));
  const quote = lines.length - 20;
  const whole = text(heading, lines, style.delimiter).split('\r\n');
  // A quotation mark that was never closed.
  whole.splice(quote, 0, `${state.toUpperCase()}-P-899999${style.delimiter}1${style.delimiter}"Unclosed`);
  return whole.join('\r\n');
}

/** Puts rows with a fault between the good ones: each a copy of the row before, under a number of its own unless it is to be the same. */
function withFaults(rows, faulty, renumber) {
  const lines = [...rows];
  for (const [index, fault] of faulty.toReversed().entries()) {
    const copy = lines[fault.after];
    lines.splice(fault.after + 1, 0, fault.change(fault.same ? copy : renumber(copy, index + 1)));
  }
  return lines;
}

function text(heading, rows, delimiter) {
  return `${[heading, ...rows].map((row) => csvLine(row, delimiter)).join('\r\n')}\r\n`;
}

const random = seededRandom(20210101);
const crowd = STATES.flatMap((state) => makeResidents(random, state));
const books = makePeriods(random, crowd);
const castByKey = new Map(cast.map((resident) => [resident.key, resident]));

/** A story's account in the form of the crowd's. */
function storyAccount({ state, id, of, as, national, periods }) {
  const resident = castByKey.get(of);
  const own = resident.state === state;
  return {
    id,
    resident,
    national: own ? resident.id : national,
    home: own || national !== undefined ? undefined : { state: resident.state, value: resident.id },
    periods: periods.map((period) => {
      const native = nameOn(resident, period.from === '' ? LAST_DAY : period.from).native;
      const [family, given] = (period.as ?? as ?? `${native.family} ${native.given}`).split(' ');
      return { ...period, written: { family, given } };
    }),
  };
}

function crowdAccount(state, account) {
  const { resident, noted } = account;
  const own = resident.state === state;
  return {
    ...account,
    national: own ? resident.id : undefined,
    home: own || !noted ? undefined : { state: resident.state, value: resident.id },
    periods: account.periods.map((period) => ({ ...period, written: writtenIn(random, state, resident, period.from) })),
  };
}

for (const state of STATES) {
  const folder = join(root, state);
  mkdirSync(folder, { recursive: true });
  const people = [...cast.filter((one) => one.state === state), ...crowd.filter((one) => one.state === state)];
  const book = [
    ...accounts
      .filter((account) => account.state === state)
      .map(storyAccount)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...books[state].map((account) => crowdAccount(state, account)).filter((account) => account.periods.length > 0),
  ];
  writeFileSync(join(folder, 'population.csv'), populationFile(state, people));
  writeFileSync(join(folder, 'pension-fund.csv'), pensionFile(state, book));
  const periods = book.reduce((sum, account) => sum + account.periods.length, 0);
  process.stdout.write(`${state}: ${people.length} persons, ${periods} periods\n`);
}
