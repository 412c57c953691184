import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { personaFiles } from '../identity/index.ts';
import { isFailure, type PlainDate } from '../storage/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import { getRegister, loadRegisters } from './definition/load.ts';
import { findSubject } from './find-subject.ts';
import { type ImportContext, type ImportReport, importCsv } from './import/import-csv.ts';
import { outwardResult } from './matching/match.ts';
import { normaliseId } from './matching/person.ts';
import { subjectAttributes } from './resident.ts';
import { DEFINITIONS, registersMigrations } from './testing.ts';

const ROOT = process.env.COMMONWAY_ROOT ?? '.';
const STATES = ['am', 'by', 'kg', 'kz', 'ru'];

interface Persona {
  id: string;
  state: string;
  kind: 'person' | 'officer';
  localId?: string;
  agency?: string;
  roles?: string[];
  today: PlainDate;
  works?: string[];
  numbers?: Record<string, string>;
}

const personas = parse(personaFiles(ROOT)) as Persona[];

interface Registers extends ImportContext {
  reports: Record<string, ImportReport>;
}

/** All registers in one database. */
async function allRegisters(t: TestContext): Promise<Registers> {
  const registers = new Map(STATES.flatMap((state) => [...loadRegisters(DEFINITIONS, state)]));
  const db = await freshDb(t, [registersMigrations]);
  const ctx = { db, clock: manualClock('2026-03-02T06:00:00.000Z'), registers };
  return { ...ctx, reports: await importAll(ctx) };
}

async function importAll(ctx: ImportContext): Promise<Record<string, ImportReport>> {
  const reports: Record<string, ImportReport> = {};
  for (const id of [...ctx.registers.keys()].sort()) {
    const [state = '', name = ''] = id.split('.');
    const file = join(ROOT, 'seeds', state, `${name}.csv`);
    // Not every state has every agency.
    if (!existsSync(file)) continue;
    const agency = getRegister(ctx.registers, id).owner;
    reports[id] = await importCsv(ctx, { register: id, agency, source: createReadStream(file) });
  }
  return reports;
}

async function claimOf(ctx: Registers, persona: Pick<Persona, 'state' | 'localId' | 'numbers'>, asked: string) {
  const attributes = await subjectAttributes(ctx.db, persona.localId ?? '', asked);
  const number = persona.numbers?.[asked];
  const ids = number === undefined ? attributes.ids : [...attributes.ids, { state: asked, value: number }];
  return { ...attributes, home: persona.state, ids };
}

async function look(ctx: Registers, persona: Pick<Persona, 'state' | 'localId' | 'numbers'>, state: string) {
  const claim = await claimOf(ctx, persona, state);
  const found = await findSubject(ctx.db, { id: `${state}.pension-fund`, state }, claim);
  return { result: outwardResult(found, claim, state), rows: found.rows };
}

const persona = (id: string): Persona => {
  const found = personas.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

/** Full months from 2021 on, day by day: slow, and without the cleverness of any rule. */
function monthsFrom2021(rows: { values: Record<string, unknown> }[], today: PlainDate): number {
  const covers = (day: string) =>
    rows.some(({ values }) => {
      const [from, to] = [String(values.from), String(values.to ?? today)];
      return values.contributions_paid === true && from <= day && day <= to;
    });
  let months = 0;
  for (
    let month = Temporal.PlainYearMonth.from('2021-01');
    month.toString() <= today.slice(0, 7);
    month = month.add({ months: 1 })
  ) {
    const days = Array.from({ length: month.daysInMonth }, (_, index) =>
      month.toPlainDate({ day: index + 1 }).toString(),
    );
    if (days.every((day) => day <= today && covers(day))) months++;
  }
  return months;
}

const POPULATION_FAULTS = ['DATES_REVERSED', 'VALUE_MISSING', 'VALUE_PATTERN', 'VALUE_UNKNOWN'];
const PENSION_FAULTS = [
  ...['DATES_REVERSED', 'ROW_QUOTES', 'ROW_TWICE', 'ROW_WIDTH'],
  ...['VALUE_MISSING', 'VALUE_MISSING', 'VALUE_TYPE', 'VALUE_UNKNOWN'],
];

test('every seed file is taken but for the rows that are wrong on purpose, and a second time changes nothing', async (t) => {
  const ctx = await allRegisters(t);
  let periods = 0;
  for (const state of STATES) {
    const population = ctx.reports[`${state}.population`];
    const pension = ctx.reports[`${state}.pension-fund`];
    assert.deepEqual(population?.rejected.map(({ reason }) => reason).sort(), POPULATION_FAULTS, state);
    assert.deepEqual(pension?.rejected.map(({ reason }) => reason).sort(), PENSION_FAULTS, state);
    const [{ persons } = { persons: 0 }] = await ctx.db.query<{ persons: number }>(
      'select count(distinct subject) as persons from register_rows where register = $1',
      [`${state}.population`],
    );
    assert.ok(persons >= 200, `${state}: ${persons} persons`);
    periods += pension?.taken ?? 0;
  }
  assert.ok(periods >= 1500, `${periods} periods`);
  for (const [id, report] of Object.entries(await importAll(ctx))) {
    const first = ctx.reports[id];
    assert.deepEqual([report.taken, report.unchanged], [0, first?.taken], id);
    assert.deepEqual(report.rejected, first?.rejected, id);
  }
});

test('who worked abroad is found there by the number that was noted, whatever the clerk made of the name', async (t) => {
  const ctx = await allRegisters(t);
  const accounts = await ctx.db.query<{ register: string; subject: string; home: string; number: string }>(
    `select distinct register, subject, content->>'home_state' as home, content->>'home_number' as number
     from register_rows where content->>'home_number' is not null order by register, subject`,
  );
  assert.ok(accounts.length > 100, `${accounts.length} accounts`);
  const missed: string[] = [];
  for (const { register, subject, home, number } of accounts) {
    if (number === 'KZ-T-000103' || !register.endsWith('.pension-fund')) continue;
    const state = register.slice(0, 2);
    const claim = await claimOf(ctx, { state: home, localId: number }, state);
    const found = await findSubject(ctx.db, { id: register, state }, claim);
    if (found.outcome !== 'one' || found.subject !== subject) missed.push(`${register} ${subject} of ${number}`);
  }
  assert.deepEqual(missed, []);
});

test('the register of another state never shows a record to a person whose number it does not bear', async (t) => {
  const ctx = await allRegisters(t);
  const residents = await ctx.db.query<{ subject: string; state: string; number: string }>(
    `select distinct subject, left(register, 2) as state, content->>'personal_number' as number
     from register_rows where register like '%.population' order by number`,
  );
  let shown = 0;
  for (const { state, number } of residents.filter((_, index) => index % 7 === 0)) {
    for (const asked of STATES.filter((other) => other !== state)) {
      const { ids } = await claimOf(ctx, { state, localId: number }, asked);
      const { result, rows } = await look(ctx, { state, localId: number }, asked);
      assert.notEqual(result, 'ambiguous');
      for (const row of rows) {
        shown++;
        assert.ok(row.person.ids.some(({ value }) => ids.some((id) => normaliseId(id.value) === normaliseId(value))));
      }
    }
  }
  assert.ok(shown > 5);
});

const STORIES: [string, Record<string, number>][] = [
  ['aigerim', { kz: 18, ru: 19, kg: 21 }],
  ['marat', { kz: 18, by: 41 }],
  ['dinara', { kz: 34, ru: 23 }],
  ['nurlan', { kg: 27, kz: 11 }],
  ['gulnara', { kg: 31, ru: 22 }],
  ['anahit', { am: 37, by: 12 }],
  ['karen', { am: 18, ru: 9 }],
  ['shushanik', { am: 17, ru: 21, kz: 18 }],
  ['viktar', { by: 15, ru: 36 }],
  ['svetlana', { ru: 36, by: 36 }],
  ['olga', { ru: 24, kz: 30 }],
  ['olga-namesake', { ru: 40 }],
  ['ruslan', { ru: 41, kz: 12 }],
];

test('the people of the stories have the months that their stories tell, on the day of the story and on any later day', async (t) => {
  const ctx = await allRegisters(t);
  assert.deepEqual(
    personas
      .filter(({ works }) => works !== undefined)
      .map(({ id }) => id)
      .sort(),
    STORIES.map(([id]) => id).sort(),
  );
  for (const [id, months] of STORIES) {
    const { today, works } = persona(id);
    assert.deepEqual(works?.toSorted(), Object.keys(months).sort(), id);
    for (const [state, expected] of Object.entries(months)) {
      const { result, rows } = await look(ctx, persona(id), state);
      assert.equal(result, 'found', `${id} in ${state}`);
      assert.equal(monthsFrom2021(rows, today), expected, `${id} in ${state}`);
      assert.equal(monthsFrom2021(rows, '2030-01-01'), expected, `${id} in ${state} later`);
    }
  }
});

test('two records under one number are told apart by the number in that state only', async (t) => {
  const ctx = await allRegisters(t);
  const { numbers, ...dinara } = persona('dinara');
  assert.deepEqual(await look(ctx, dinara, 'ru'), { result: 'ambiguous', rows: [] });
  const { rows } = await look(ctx, { ...dinara, numbers }, 'ru');
  assert.deepEqual([...new Set(rows.map(({ subject }) => subject))], [normaliseId(numbers?.ru ?? '')]);
});

test('of two namesakes born on one day each sees her own record and nothing of the other', async (t) => {
  const ctx = await allRegisters(t);
  const [olga, other] = [persona('olga'), persona('olga-namesake')];
  assert.deepEqual(await look(ctx, other, 'kz'), { result: 'unproven', rows: [] });
  const stolen = await look(ctx, { ...other, numbers: { kz: 'KZ-P-000503' } }, 'kz');
  assert.deepEqual(stolen, { result: 'none', rows: [] });
  for (const one of [olga, other]) {
    const { rows } = await look(ctx, one, 'ru');
    assert.ok(rows.every(({ person }) => person.ids.some(({ value }) => value === one.localId)));
  }
});

test('a person who is not in the population register is not asked about', async (t) => {
  const ctx = await allRegisters(t);
  await assert.rejects(subjectAttributes(ctx.db, 'KZ-T-999999'), (error) =>
    isFailure(error, 'REGISTERS_RESIDENT_UNKNOWN'),
  );
});

test('each state has two officers for pensions and one for the register', () => {
  for (const state of STATES) {
    const officers = personas.filter((one) => one.kind === 'officer' && one.agency === `${state}.pension-fund`);
    assert.equal(officers.filter(({ roles }) => roles?.includes('examiner')).length, 2, state);
    assert.equal(officers.filter(({ roles }) => roles?.includes('registrar')).length, 1, state);
  }
});

test('the script that made the seeds still makes exactly these', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-seeds-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'make-seeds.mjs'), folder]);
  for (const file of STATES.flatMap((state) => [`${state}/population.csv`, `${state}/pension-fund.csv`])) {
    assert.ok(readFileSync(join(folder, file)).equals(readFileSync(join(ROOT, 'seeds', file))), file);
  }
});
