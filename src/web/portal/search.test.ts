import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { getAgreement } from '../../agreements/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import { searchOffers } from './search.ts';

const folder = join(process.env.COMMONWAY_ROOT ?? '.', 'agreements');
const agreements = await Promise.all(readdirSync(folder).map((name) => getAgreement(join(folder, name))));
const offers = agreements.flatMap((agreement) =>
  Object.values(agreement.services).map((service) => ({ agreement, service })),
);
const found = (query: string): string[] => searchOffers(offers, query).map(({ service }) => service.name);

test('nothing typed finds everything, and what nobody offers nothing', () => {
  assert.equal(found('').length, offers.length);
  assert.equal(found(' - ').length, offers.length);
  for (const query of ['zzzz', 'пенсия zzzz', '123']) assert.deepEqual(found(query), [], query);
});

test('a service is found in each of the six languages by the words of its title', () => {
  for (const { agreement, service } of offers) {
    for (const language of LANGUAGES)
      assert.ok(found(agreement.text(language, service.title)).includes(service.name), `${language} ${service.name}`);
  }
});

test('a beginning is enough, and every word must be found', () => {
  assert.ok(found('пенс').includes('pension') && found('pens').includes('disability-pension'));
  assert.deepEqual(found('disab pens'), ['disability-pension']);
});

test('a word is found in letters of another script', () => {
  for (const query of ['pensia', 'pensiya', 'pensija', 'zeinetaky', 'zeynetaqy', 'kensatoshak'])
    assert.ok(found(query).includes('pension'), query);
  for (const query of ['tovarnyi znak', 'tauar', 'tavarny']) assert.ok(found(query).includes('trademark'), query);
});

test('a typing error in a longer word is forgiven: a letter too many, too few, wrong, or two in the wrong order', () => {
  for (const query of ['pensoin', 'penson', 'penssion', 'pentsion', 'пенися', 'пинсия'])
    assert.ok(found(query).includes('pension'), query);
  for (const query of ['pex', 'rension']) assert.ok(!found(query).includes('pension'), query);
});

test('whatever single error is made behind the first letter of a word of five letters or more, the service is found', () => {
  const words = offers.flatMap(({ agreement, service }) =>
    (agreement.text('en', service.title).match(/[a-z]{5,}/gi) ?? []).map((word) => ({ word, name: service.name })),
  );
  const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
  const error = fc.constantFrom('drop', 'add', 'change', 'swap');
  fc.assert(
    fc.property(fc.constantFrom(...words), error, fc.nat(), letter, ({ word, name }, kind, where, other) => {
      const at = 1 + (where % (word.length - 2));
      const [before, here, next, after] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)];
      const typed = {
        drop: `${before}${next}${after}`,
        add: `${before}${other}${here}${next}${after}`,
        change: `${before}${other}${next}${after}`,
        swap: `${before}${next}${here}${after}`,
      }[kind] as string;
      assert.ok(found(typed).includes(name), `${typed} for ${word}`);
    }),
  );
});

test('what is in a title comes before what is in a summary, and what is spelled right before what is not', () => {
  const names = found('pension');
  const titled = new Set(['pension', 'disability-pension', 'survivors-pension']);
  assert.ok(names.slice(0, 3).every((name) => titled.has(name)));
});

test('a long query costs no more than its first words', () => {
  assert.deepEqual(found(`пенсия ${'а'.repeat(10_000)}`), []);
  assert.equal(searchOffers(offers, 'пенсия '.repeat(10_000)).length, found('пенсия').length);
});
