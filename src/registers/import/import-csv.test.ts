import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isFailure } from '../../storage/index.ts';
import { freshDb, manualClock } from '../../storage/testing.ts';
import { type RegisterSet, readDefinition } from '../definition/load.ts';
import { resolve } from '../definition/resolve.ts';
import { registersMigrations } from '../testing.ts';
import { type ImportContext, importCsv } from './import-csv.ts';

const PERMITS = `
register: '{state}.permits'
owner: '{state}.town'
states: [kz, ru]
columns:
  permit: { type: text, required: true, pattern: '[A-Z][0-9]+' }
  holder: { type: text, required: true, pattern: '{STATE}-T-[0-9]{6}' }
  family: { type: text, required: true, maxLength: 20 }
  given: { type: text, required: true }
  born: { type: date, required: true, max: today }
  colour: { type: code, values: { R: red, G: green } }
  seats: { type: integer, min: 1, max: 9 }
  fee: { type: decimal, min: 0 }
  paid: { type: boolean }
  from: { type: date }
  to: { type: date }
key: [permit]
person:
  localId: holder
  birthDate: born
  names: [{ family: family, given: given }]
checks:
  - { code: DATES_REVERSED, column: to, before: from }
national:
  ru:
    file: { delimiter: ';', dates: D.M.Y, decimal: ',', encoding: windows-1251, missing: ['-'] }
    columns: { permit: { header: Номер } }
`;

const HEADING = 'permit,holder,family,given,born,colour,seats,fee,paid,from,to';
const row = (permit: string, more: Partial<Record<string, string>> = {}) => {
  const plain: Record<string, string> = {
    permit,
    holder: 'KZ-T-000001',
    family: 'Seitova',
    given: 'Aigerim',
    born: '1980-01-31',
    colour: 'R',
    seats: '4',
    fee: '10.50',
    paid: 'true',
    from: '2024-01-01',
    to: '',
  };
  return HEADING.split(',')
    .map((name) => more[name] ?? plain[name])
    .join(',');
};
const file = (...rows: string[]) => [HEADING, ...rows].join('\n');

async function context(t: TestContext, state = 'kz'): Promise<ImportContext> {
  const register = resolve(readDefinition(PERMITS, 'permits.yaml'), state, 'permits.yaml');
  const registers: RegisterSet = new Map([[register.id, register]]);
  return { db: await freshDb(t, [registersMigrations]), clock: manualClock('2026-03-02T09:00:00.000Z'), registers };
}

const take = (ctx: ImportContext, source: Parameters<typeof importCsv>[1]['source']) =>
  importCsv(ctx, { register: 'kz.permits', agency: 'kz.town', source });

const counts = ({ read, taken, unchanged, refused }: Awaited<ReturnType<typeof importCsv>>) => [
  read,
  taken,
  unchanged,
  refused,
];

test('good rows are taken, and every bad one is reported with its line and reason', async (t) => {
  const ctx = await context(t);
  const report = await take(
    ctx,
    file(
      row('A1'),
      row('A2', { family: '' }),
      row('a3'),
      row('A4', { born: '2026-03-03' }),
      row('A5', { born: '1980-02-30' }),
      '',
      row('A6', { colour: 'X' }),
      row('A7', { seats: '10' }),
      row('A8', { seats: '4.5' }),
      row('A9', { fee: '-1' }),
      row('A10', { paid: 'perhaps' }),
      row('A11', { family: 'A'.repeat(21) }),
      row('A12', { to: '2023-12-31' }),
      `${row('A13')},more`,
      'A14,"KZ-T-000001,Seitova,Aigerim,1980-01-31,R,4,10.50,true,2024-01-01,',
      row('A15', { family: '"Sei,tova"' }),
      row('A16', { given: 'Aig\uFFFDrim' }),
      row('A1', { seats: '5' }),
    ),
  );
  assert.deepEqual(
    report.rejected.map(({ line, reason }) => [line, reason]),
    [
      [3, 'VALUE_MISSING'],
      [4, 'VALUE_PATTERN'],
      [5, 'VALUE_RANGE'],
      [6, 'VALUE_TYPE'],
      [8, 'VALUE_UNKNOWN'],
      [9, 'VALUE_RANGE'],
      [10, 'VALUE_TYPE'],
      [11, 'VALUE_RANGE'],
      [12, 'VALUE_TYPE'],
      [13, 'VALUE_LENGTH'],
      [14, 'DATES_REVERSED'],
      [15, 'ROW_WIDTH'],
      [16, 'ROW_QUOTES'],
      [18, 'ROW_ENCODING'],
      [19, 'ROW_TWICE'],
    ],
  );
  assert.deepEqual(counts(report), [17, 2, 0, 15]);
  const stored = await ctx.db.query<{ content: { family: string; fee: string; paid: boolean; to: null } }>(
    'select content from register_rows order by row_key',
  );
  assert.deepEqual(
    stored.map(({ content }) => [content.family, content.fee, content.paid, content.to]),
    [
      ['Seitova', '10.5', true, null],
      ['Sei,tova', '10.5', true, null],
    ],
  );
  const kept = await ctx.db.query('select 1 from register_rejections where import = $1', [report.id]);
  assert.equal(kept.length, 15);
});

test('what is reported of a bad row never holds its value', async (t) => {
  const report = await take(
    await context(t),
    file(row('A1', { born: 'Seitova-born' }), row('A2', { colour: 'Aigerim' })),
  );
  assert.doesNotMatch(JSON.stringify(report.rejected), /Seitova|Aigerim/);
  assert.deepEqual(
    report.rejected.map(({ params }) => params),
    [{ column: 'born', type: 'date' }, { column: 'colour' }],
  );
});

test('the same file again changes nothing', async (t) => {
  const ctx = await context(t);
  const source = file(row('A1'), row('A2', { seats: '0' }), row('A3'), row('A3', { seats: '7' }));
  const first = await take(ctx, source);
  const before = await ctx.db.query('select * from register_rows order by row_key, revision');
  ctx.clock.now = () => '2026-04-01T09:00:00.000Z';
  const second = await take(ctx, source);
  assert.deepEqual(counts(first), [4, 2, 0, 2]);
  assert.deepEqual(counts(second), [4, 0, 2, 2]);
  assert.deepEqual(second.rejected, first.rejected);
  assert.deepEqual(await ctx.db.query('select * from register_rows order by row_key, revision'), before);
});

test('a changed row keeps its earlier version with the time it was known', async (t) => {
  const ctx = await context(t);
  await take(ctx, file(row('A1')));
  ctx.clock.now = () => '2026-04-01T09:00:00.000Z';
  const report = await take(ctx, file(row('A1', { holder: 'KZ-T-000002', seats: '5' })));
  assert.deepEqual(counts(report), [1, 1, 0, 0]);
  const versions = await ctx.db.query(
    "select revision, subject, content->>'seats' as seats, known_from, known_until from register_rows order by revision",
  );
  const [then, now] = ['2026-03-02T09:00:00.000Z', '2026-04-01T09:00:00.000Z'];
  assert.deepEqual(versions, [
    { revision: 1, subject: 'KZT000001', seats: '4', known_from: then, known_until: now },
    { revision: 2, subject: 'KZT000002', seats: '5', known_from: now, known_until: null },
  ]);
});

test('two rows of one key far apart in a file are found', async (t) => {
  const rows = Array.from({ length: 1200 }, (_, index) => row(`A${index}`));
  const report = await take(await context(t), file(...rows, row('A7', { seats: '9' }), row('A8')));
  assert.deepEqual(counts(report), [1202, 1200, 1, 1]);
  assert.deepEqual(report.rejected, [{ line: 1202, reason: 'ROW_TWICE', params: { first: 9 } }]);
});

test('an import that was cut off is completed by the next one', async (t) => {
  const ctx = await context(t);
  const rows = Array.from({ length: 1300 }, (_, index) => row(`A${index}`));
  async function* cutOff() {
    yield Buffer.from(`${file(...rows.slice(0, 1100))}\n`);
    throw new Error('the disk was pulled out');
  }
  await assert.rejects(take(ctx, cutOff()), /pulled out/);
  const report = await take(ctx, file(...rows));
  assert.deepEqual(counts(report), [1300, 301, 999, 0]);
});

test('a file is read as it comes: no more than two batches ahead of what was stored', async (t) => {
  const ctx = await context(t);
  let given = 0;
  let furthest = 0;
  async function* slowly() {
    yield Buffer.from(`${HEADING}\n`);
    for (; given < 3000; given += 100) {
      const [{ stored } = { stored: 0 }] = await ctx.db.query<{ stored: number }>(
        'select count(*) as stored from register_rows',
      );
      furthest = Math.max(furthest, given - stored);
      yield Buffer.from(Array.from({ length: 100 }, (_, index) => `${row(`A${given + index}`)}\n`).join(''));
    }
  }
  const report = await take(ctx, slowly());
  assert.equal(report.taken, 3000);
  assert.ok(furthest <= 1000, `${furthest} rows ahead`);
});

test('headings, delimiter, days, decimals and encoding are those of the agency', async (t) => {
  const ctx = await context(t, 'ru');
  const text = [
    'Номер;holder;family;given;born;colour;seats;fee;paid;from;to;unused',
    'A1;RU-T-000001;Смирнова;Ольга;17.05.1964;-;3;1 200,50;1;01.02.2024;-;x',
  ].join('\r\n');
  const bytes = Buffer.from([...text].map((letter) => cyrillicByte(letter)));
  const report = await importCsv(ctx, {
    register: 'ru.permits',
    agency: 'ru.town',
    source: [bytes.subarray(0, 50), bytes.subarray(50)],
  });
  assert.deepEqual(report.rejected, []);
  const [stored] = await ctx.db.query<{ content: Record<string, unknown> }>('select content from register_rows');
  assert.deepEqual(stored?.content, {
    permit: 'A1',
    holder: 'RU-T-000001',
    family: 'Смирнова',
    given: 'Ольга',
    born: '1964-05-17',
    colour: null,
    seats: 3,
    fee: '1200.5',
    paid: true,
    from: '2024-02-01',
    to: null,
  });
});

/** A letter in windows-1251, of those that stand in the test. */
function cyrillicByte(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  return code < 128 ? code : code - 0x410 + 0xc0;
}

test('a line without an end is passed over, and what follows is read', async (t) => {
  const ctx = await context(t);
  const long = row('A2', { family: 'A'.repeat(200_000) });
  const report = await take(ctx, file(row('A1'), long, row('A3')));
  assert.deepEqual(
    report.rejected.map(({ line, reason }) => [line, reason]),
    [[3, 'ROW_TOO_LONG']],
  );
  assert.equal(report.taken, 2);
});

test('a file of another agency, without a needed column, or without a line is refused whole', async (t) => {
  const ctx = await context(t);
  const refused = (source: string, agency: string, code: string) =>
    assert.rejects(importCsv(ctx, { register: 'kz.permits', agency, source }), (error) => isFailure(error, code));
  await refused(file(row('A1')), 'kz.village', 'REGISTERS_NOT_OWNER');
  await refused('permit,family\nA1,Seitova', 'kz.town', 'REGISTERS_HEADER_MISSING');
  await refused('', 'kz.town', 'REGISTERS_FILE_EMPTY');
  await refused('\n \n', 'kz.town', 'REGISTERS_FILE_EMPTY');
  await assert.rejects(importCsv(ctx, { register: 'kz.other', agency: 'kz.town', source: '' }), (error) =>
    isFailure(error, 'REGISTERS_UNKNOWN'),
  );
  assert.deepEqual(await ctx.db.query('select 1 from register_rows'), []);
});

test('two imports at once end with every row once', async (t) => {
  const ctx = await context(t);
  const source = file(...Array.from({ length: 1100 }, (_, index) => row(`A${index}`)));
  const reports = await Promise.all([take(ctx, source), take(ctx, source)]);
  assert.equal(
    reports.reduce((sum, report) => sum + report.taken, 0),
    1100,
  );
  const [{ rows } = { rows: 0 }] = await ctx.db.query<{ rows: number }>('select count(*) as rows from register_rows');
  assert.equal(rows, 1100);
});
