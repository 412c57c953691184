import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isFailure, type Json } from '../../storage/index.ts';
import { checkFiles } from '../check/check.ts';
import { decide } from '../decision/decide.ts';
import { loadFiles } from '../load.ts';
import { edit, filesOf } from '../testing.ts';
import { filesNamed } from './files.ts';
import { readForm } from './form.ts';
import { getService, pathOf, reachableAnswers } from './journey.ts';
import { applyThing, removeThing, thingOf } from './things.ts';

const { agreement, findings } = loadFiles(filesOf('src/agreements/fixtures/wide'));
assert.deepEqual(findings, []);
assert.ok(agreement !== undefined);
const service = getService(agreement, 'import');
const DIGEST = 'a'.repeat(64);
const invoice = { name: 'invoice.pdf', kind: 'pdf', size: 900, digest: DIGEST };
const tea = { what: 'Tea', value: 120.5, origin: 'kg' };
const wool = { what: 'Wool', value: 501, origin: 'kz', licence: { ...invoice, digest: 'b'.repeat(64) } };
const whole = { offices: ['kz', 'kg'], express: false, goods: [tea, wool], invoice };
const input = (answers: Record<string, Json>) => ({ home: 'kz', claim: '2025-06-30', answers });
const place = { page: 'goods', list: 'goods' };
const errorsOf = (answers: Record<string, Json>) =>
  Object.entries(pathOf(agreement, service, input(answers)).errors).map(([name, { code }]) => `${name} ${code}`);

describe('a list of things', () => {
  it('is an answer whose things are checked one by one and together', () => {
    assert.deepEqual(checkFiles(filesOf('src/agreements/fixtures/wide')).findings, []);
    assert.deepEqual(errorsOf(whole), []);
    assert.deepEqual(errorsOf({ ...whole, goods: [] }), ['goods required']);
    assert.deepEqual(errorsOf({ ...whole, goods: [tea, tea, tea, tea] }), ['goods tooMany']);
    assert.deepEqual(errorsOf({ ...whole, goods: [tea, { ...tea, value: 0 }] }), ['goods thingWrong']);
    assert.deepEqual(errorsOf({ ...whole, goods: [tea, { what: 'Wool', value: 1 }] }), ['goods thingWrong']);
    assert.deepEqual(errorsOf({ ...whole, goods: [{ ...tea, value: 1000.01 }] }), ['goods notValid']);
    assert.deepEqual(errorsOf({ ...whole, goods: [{ ...tea, value: 1.005 }] }), ['goods thingWrong']);
    assert.deepEqual(errorsOf({ ...whole, goods: 'tea' }), ['goods wrongType']);
    assert.deepEqual(errorsOf({ ...whole, goods: ['tea'] }), ['goods thingWrong']);
  });

  it('lets a question of a thing look at an earlier answer and at the thing, and keeps only what is reached', () => {
    const elsewhere = { ...whole, offices: ['kg'], goods: [wool] };
    assert.deepEqual(errorsOf(elsewhere), ['goods thingWrong'], 'an origin that the offices no longer offer');
    const cheap = { ...whole, goods: [{ ...wool, value: 500, stray: 1 }] };
    assert.deepEqual(reachableAnswers(agreement, service, input(cheap)).goods, [
      { what: 'Wool', value: 500, origin: 'kz' },
    ]);
  });

  it('takes, changes and takes out one thing', () => {
    const empty = input({ offices: ['kz', 'kg'], express: false });
    const wrong = applyThing(agreement, service, empty, { ...place, thing: 'new' }, { ...tea, value: -1 });
    assert.deepEqual(wrong, { errors: { value: 'field.value.error' } });
    const one = applyThing(agreement, service, empty, { ...place, thing: 'new' }, tea);
    assert.deepEqual(one.answers?.goods, [tea]);
    const two = applyThing(agreement, service, input(one.answers ?? {}), { ...place, thing: 'new' }, wool);
    const changed = applyThing(
      agreement,
      service,
      input(two.answers ?? {}),
      { ...place, thing: 0 },
      { ...tea, value: 7 },
    );
    assert.deepEqual(changed.answers?.goods, [{ ...tea, value: 7 }, wool]);
    const fewer = removeThing(agreement, service, input(changed.answers ?? {}), { ...place, thing: 0 });
    assert.deepEqual(fewer.goods, [wool]);
    assert.equal('goods' in removeThing(agreement, service, input(fewer), { ...place, thing: 0 }), false);
  });

  it('takes no more than it may hold, and none in a place that is not there', () => {
    const full = input({ ...whole, goods: [tea, tea, tea] });
    const more = applyThing(agreement, service, full, { ...place, thing: 'new' }, tea);
    assert.deepEqual(more, { errors: { goods: 'error.answer.tooMany' } });
    for (const thing of [3, -1, 0.5, Number.NaN]) {
      assert.throws(
        () => thingOf(agreement, service, full, { ...place, thing }),
        (error) => isFailure(error, 'AGREEMENT_THING_NOT_FOUND'),
      );
    }
    for (const wrong of [
      { page: 'where', list: 'goods' },
      { page: 'goods', list: 'offices' },
      { page: 'x', list: 'goods' },
    ]) {
      assert.throws(
        () => applyThing(agreement, service, full, { ...wrong, thing: 'new' }, tea),
        (error) => isFailure(error, 'AGREEMENT_PAGE_NOT_REACHED'),
      );
    }
  });

  it('is read from a form one thing at a time, and stays as it is on its own page', () => {
    const asked = thingOf(agreement, service, input(whole), { ...place, thing: 1 });
    const given = readForm(asked, { what: ' Felt ', value: '501,5', origin: 'kz' });
    assert.deepEqual(given, { ...wool, what: 'Felt', value: 501.5 });
    assert.equal(readForm(asked, { 'licence.remove': 'yes' }).licence, null);
    const page = pathOf(agreement, service, input(whole)).pages[1];
    assert.ok(page !== undefined);
    assert.deepEqual(readForm(page, { goods: 'x' }).goods, whole.goods);
  });

  it('is a list of contexts to the rules', () => {
    const made = decide(agreement, {
      service: 'import',
      state: 'kg',
      home: 'kz',
      answers: whole,
      evidence: [],
      dates: { claim: '2025-06-30' },
    });
    assert.equal(made.values.total, 621.5);
    assert.deepEqual(made.explanation[0]?.facts[0]?.value, [120.5, 501]);
  });

  it('never throws and never lets a wrong thing through, whatever is given', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (goods) => {
        const journey = pathOf(agreement, service, input({ ...whole, goods: goods as Json }));
        const again = pathOf(agreement, service, input(journey.answers));
        assert.deepEqual(again.answers, journey.answers);
      }),
    );
  });
});

describe('a file field', () => {
  const wrong: Record<string, Json> = {
    'invoice wrongType': 'invoice.pdf',
    'invoice fileKind': { ...invoice, kind: 'exe' },
    'invoice fileTooLarge': { ...invoice, size: 2_000_001 },
  };
  for (const [expected, value] of Object.entries(wrong)) {
    it(`refuses: ${expected}`, () => assert.deepEqual(errorsOf({ ...whole, invoice: value }), [expected]));
  }
  const odd: Json[] = [
    { ...invoice, more: 1 },
    { ...invoice, digest: 'A'.repeat(64) },
    { ...invoice, size: 0 },
    { ...invoice, size: 1.5 },
    { ...invoice, name: 'a\nb' },
    { ...invoice, name: 'a\u0000b' },
    [invoice],
  ];
  it('takes no other form than name, kind, size and digest', () => {
    for (const one of odd) assert.deepEqual(errorsOf({ ...whole, invoice: one }), ['invoice wrongType']);
  });

  it('names its files with their receivers: all deciders, or those that the agreement says', () => {
    const named = filesNamed(agreement, service, input(whole), ['kg', 'kz']);
    assert.deepEqual(
      named.map(({ field, digest, sentTo }) => [field, digest.slice(0, 1), sentTo]),
      [
        ['goods.licence', 'b', ['kg']],
        ['invoice', 'a', ['kg', 'kz']],
      ],
    );
  });
});

describe('the shape of a field', () => {
  const cases: [string, string, string, string][] = [
    [
      'a list without questions',
      'services/import.yaml',
      'fields:\n      what',
      'unit: unit.euro\n    fields:\n      what',
    ],
    ['a list with least over most', 'services/import.yaml', 'least: 1', 'least: 4'],
    ['a text with decimals', 'services/import.yaml', 'maxLength: 60', 'maxLength: 60, decimals: 2'],
    ['a list beside another question', 'forms/import.yaml', '[goods]', '[goods, invoice]'],
    ['a file with options', 'services/import.yaml', 'hint: field.invoice.hint', 'hint: field.invoice.hint, least: 1'],
  ];
  for (const [name, file, from, to] of cases) {
    it(`refuses ${name}`, () => {
      const files = filesOf('src/agreements/fixtures/wide');
      edit(files, file, from, to);
      const codes = new Set(checkFiles(files).findings.map(({ code }) => code));
      assert.ok(codes.has('AGREEMENT_FIELD_SHAPE'), [...codes].join());
    });
  }

  it('refuses a list in a list, a name that means two things, and a question used before it is asked', () => {
    const refused = (from: string, to: string): string[] => {
      const files = filesOf('src/agreements/fixtures/wide');
      edit(files, 'services/import.yaml', from, to);
      return [...new Set(checkFiles(files).findings.map(({ code }) => code))];
    };
    assert.deepEqual(refused('what: { type: text', 'what: { type: list'), ['AGREEMENT_WRONG_VALUE']);
    assert.ok(refused('      what: {', '      express: {').includes('AGREEMENT_NAME_TAKEN'));
    assert.deepEqual(refused('maxLength: 60 }', 'maxLength: 60, when: value > 1 }'), ['AGREEMENT_FIELD_USED_EARLY']);
    assert.deepEqual(refused("sentTo: 'offices[item != home]'", "sentTo: 'if value > 1 then offices else []'"), [
      'FEEL_UNKNOWN_NAME',
    ]);
  });
});
