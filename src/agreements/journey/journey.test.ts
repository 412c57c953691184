import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isFailure, type Json } from '../../storage/index.ts';
import { loadFiles } from '../load.ts';
import { filesOf } from '../testing.ts';
import { decidersOf, evidenceQuestions } from './asked.ts';
import { readForm } from './form.ts';
import { applyAnswers, getService, pathOf, reachableAnswers } from './journey.ts';

const { agreement } = loadFiles(filesOf('src/agreements/fixtures/good'));
assert.ok(agreement !== undefined);
const service = getService(agreement, 'permit');
const input = (answers: Record<string, Json>) => ({ home: 'kz', claim: '2025-06-30', answers });
const whole = { towns: ['kg'], zone: 'inner', guest: true, nights: 8, consent: true };

describe('the way through a form', () => {
  it('begins with the first page and asks what every answer leads to', () => {
    const { pages, complete, errors } = pathOf(agreement, service, input({}));
    assert.deepEqual(
      pages.map(({ name }) => name),
      ['where', 'rest'],
    );
    assert.equal(complete, false);
    assert.deepEqual(errors.towns, { code: 'required', text: 'error.answer.required' });
    assert.equal(errors.plates, undefined, 'an optional field may stay open');
  });

  it('opens a page when its condition becomes true, and leads back and on', () => {
    const { pages, complete } = pathOf(agreement, service, input(whole));
    assert.deepEqual(
      pages.map(({ back, name, next }) => [back, name, next]),
      [
        [undefined, 'where', 'guest'],
        ['where', 'guest', 'rest'],
        ['guest', 'rest', undefined],
      ],
    );
    assert.equal(complete, true);
  });

  it('counts only answers that are reached', () => {
    assert.deepEqual(reachableAnswers(agreement, service, input({ ...whole, zone: 'outer' })), {
      towns: ['kg'],
      zone: 'outer',
      nights: 8,
      consent: true,
    });
  });

  it('takes no answer that is wrong, and names its field', () => {
    const wrong = { towns: ['kg', 'ru'], zone: 'middle', nights: 31, consent: 'yes', plates: { kg: 'x'.repeat(13) } };
    const { answers, errors } = pathOf(agreement, service, input(wrong));
    assert.deepEqual(answers, {});
    assert.deepEqual(
      Object.entries(errors).map(([name, { code, text }]) => [name, code, text]),
      [
        ['towns', 'notOffered', 'error.answer.notOffered'],
        ['zone', 'notOffered', 'error.answer.notOffered'],
        ['plates', 'notOffered', 'error.answer.notOffered'],
        ['nights', 'notValid', 'field.nights.error'],
        ['consent', 'wrongType', 'error.answer.wrongType'],
      ],
    );
  });

  it('offers only states that another answer allows', () => {
    const { pages } = pathOf(agreement, service, input({ ...whole, plates: { kg: 'A 123', kz: 'B 456' } }));
    const plates = pages.flatMap(({ fields }) => fields).find(({ field }) => field.name === 'plates');
    assert.deepEqual(plates?.offered, ['kg']);
    assert.equal(plates?.error?.code, 'notOffered');
  });

  it('takes the answers of one page, and only of that page', () => {
    const before = { towns: ['kg'] };
    const taken = applyAnswers(agreement, service, input(before), 'where', { towns: ['kz'], zone: 'outer', nights: 3 });
    assert.deepEqual(taken, { answers: { towns: ['kz'], zone: 'outer' }, errors: {} });
    const refused = applyAnswers(agreement, service, input(before), 'where', { towns: [], zone: null });
    assert.deepEqual(refused, { errors: { towns: 'error.answer.required', zone: 'error.answer.required' } });
  });

  it('refuses answers to a page that is not reached', () => {
    assert.throws(
      () => applyAnswers(agreement, service, input({ zone: 'outer' }), 'guest', { guest: true }),
      (error) => isFailure(error, 'AGREEMENT_PAGE_NOT_REACHED'),
    );
    assert.throws(
      () => getService(agreement, 'constructor'),
      (error) => isFailure(error, 'AGREEMENT_NO_SERVICE'),
    );
  });

  it('names the evidence to ask and the states that decide', () => {
    const questions = evidenceQuestions(agreement, service, input({ ...whole, towns: ['kz', 'kg'] }));
    assert.deepEqual(
      questions.map(({ evidence, state }) => `${evidence.type}/${state}`),
      ['residence/kz', 'residence/kg'],
    );
    assert.deepEqual(decidersOf(agreement, service, input({ ...whole, towns: ['kz', 'kg'] })), ['kz', 'kg']);
    assert.deepEqual(decidersOf(agreement, service, input({})), []);
  });

  it('never throws and never lets a wrong answer through, whatever is given', () => {
    const names = Object.keys(service.fields);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names, '__proto__', 'x'), fc.jsonValue({ maxDepth: 3 })),
        (given) => {
          const answers = given as Record<string, Json>;
          const journey = pathOf(agreement, service, input(answers));
          const again = pathOf(agreement, service, input(journey.answers));
          // What was taken is taken again: validation agrees with itself.
          assert.deepEqual(again.answers, journey.answers);
          for (const name of Object.keys(journey.answers)) assert.equal(journey.errors[name], undefined);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('reading a posted form', () => {
  const page = (name: string, answers: Record<string, Json> = whole) => {
    const found = pathOf(agreement, service, input(answers)).pages.find((one) => one.name === name);
    assert.ok(found !== undefined);
    return found;
  };

  it('reads ticked boxes in the order of the offer', () => {
    assert.deepEqual(readForm(page('where'), { towns: ['kz', 'kg', 'kz'], zone: 'inner' }), {
      towns: ['kg', 'kz'],
      zone: 'inner',
    });
    assert.deepEqual(readForm(page('where'), { towns: 'kz' }), { towns: ['kz'], zone: null });
  });

  it('reads numbers, yes and no, and texts by state', () => {
    const posted = { nights: ' 8 ', consent: 'yes', 'plates.kg': ' A 123 ', 'plates.ru': 'no such state' };
    assert.deepEqual(readForm(page('rest'), posted), { plates: { kg: 'A 123' }, nights: 8, consent: true });
    assert.deepEqual(readForm(page('rest'), { nights: '2,5' }).nights, 2.5);
  });

  it('keeps what it cannot read, so that the person sees her own words', () => {
    assert.deepEqual(readForm(page('rest'), { nights: 'eight', consent: 'perhaps' }), {
      plates: null,
      nights: 'eight',
      consent: 'perhaps',
    });
  });
});
