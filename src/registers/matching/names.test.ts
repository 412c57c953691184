import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { familyKeys, givenKeys, namesAgree, type PersonName, scriptOf } from './names.ts';

const name = (family: string, given: string): PersonName => ({ family, given, script: scriptOf(family) });

const SPELLINGS: [string[], string[]][] = [
  [
    ['Сейітова', 'Сеитова', 'Seitova', 'Seyitova', 'Seiitova'],
    ['Айгерім', 'Айгерим', 'Aigerim', 'Aygerim'],
  ],
  [
    ['Жұмабаева', 'Жумабаева', 'Zhumabayeva', 'Jumabaeva', 'Dzhumabaeva'],
    ['Әлия', 'Алия', 'Aliya', 'Aliia', 'Älia'],
  ],
  [
    ['Қасымов', 'Касымов', 'Kassymov', 'Qasymov', 'Kasimov'],
    ['Нұрлан', 'Нурлан', 'Nurlan'],
  ],
  [
    ['Шүкүров', 'Шукуров', 'Shukurov', 'Şükürov'],
    ['Жаңыл', 'Жангыл', 'Zhangyl', 'Janyl'],
  ],
  [
    ['Հակոբյան', 'Акопян', 'Hakobyan', 'Hakobian', 'Akopyan'],
    ['Անահիտ', 'Анаит', 'Anahit'],
  ],
  [
    ['Խաչատրյան', 'Хачатрян', 'Khachatryan', 'Khachatrian'],
    ['Շուշանիկ', 'Шушаник', 'Shushanik'],
  ],
  [
    ['Ոսկանյան', 'Восканян', 'Voskanyan', 'Oskanyan'],
    ['Եղիշե', 'Егише', 'Yeghishe', 'Eghishe'],
  ],
  [
    ['Кавалёў', 'Kavaliou', 'Kavalioŭ'],
    ['Ігар', 'Ihar', 'Igar'],
  ],
  [
    ['Шчарбакова', 'Щарбакова', 'Shcharbakova', 'Ščarbakova'],
    ['Ганна', 'Hanna', 'Ganna'],
  ],
  [
    ['Соловьёв', 'Соловьев', 'Solovyov', 'Solovyev', 'Soloviev'],
    ['Евгений', 'Yevgeniy', 'Evgenii', 'Evgeny', 'Jewgenij'],
  ],
  [
    ['Цветкова', 'Tsvetkova', 'Cvetkova'],
    ['Любовь', 'Lyubov', 'Liubov', 'Lubov', 'Ljubov'],
  ],
  [
    ['Фёдоров', 'Федоров', 'Fyodorov', 'Fedorov'],
    ['Юлия', 'Yulia', 'Iuliia', 'Julia', 'Yuliya'],
  ],
];

test('a name agrees with each of its spellings in every script and transliteration', () => {
  for (const [families, givens] of SPELLINGS) {
    for (const family of families) {
      for (const given of givens) {
        const home = name(families[0] ?? '', givens[0] ?? '');
        assert.ok(namesAgree(home, name(family, given)), `${home.family} ${home.given} / ${family} ${given}`);
      }
    }
  }
});

test('different names do not agree', () => {
  for (const [index, [families, givens]] of SPELLINGS.entries()) {
    for (const [other, [otherFamilies, otherGivens]] of SPELLINGS.entries()) {
      if (index === other) continue;
      for (const one of families) {
        for (const two of otherFamilies) {
          assert.ok(!namesAgree(name(one, givens[0] ?? ''), name(two, otherGivens[0] ?? '')), `${one} / ${two}`);
        }
      }
    }
  }
  assert.ok(!namesAgree(name('Иванова', 'Ольга'), name('Иванова', 'Елена')));
  assert.ok(!namesAgree(name('Иванова', 'Ольга'), name('Иванов', 'Ольга')));
});

test('a patronymic beside the given name does not matter', () => {
  assert.ok(namesAgree(name('Смирнова', 'Ольга Сергеевна'), name('Smirnova', 'Olga')));
});

test('a name without letters agrees with nothing, not even with itself', () => {
  for (const empty of ['', '-', ' ', '123', 'ь']) {
    assert.ok(!namesAgree(name(empty, 'Ольга'), name(empty, 'Ольга')), empty);
    assert.ok(!namesAgree(name('Смирнова', empty), name('Смирнова', empty)), empty);
  }
});

// ICAO Doc 9303 (as GOST R 52535.1 has it), and the romanisation of British and American geographic names, in short.
const ICAO: Record<string, string> = Object.fromEntries(
  'а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ы y ъ ie ь _ э e ю iu я ia'
    .split(' ')
    .flatMap((letter, at, all) => (at % 2 === 0 ? [[letter, (all[at + 1] ?? '').replace('_', '')]] : [])),
);
const BGN: Record<string, string> = { ...ICAO, й: 'y', ю: 'yu', я: 'ya', ё: 'yo', ъ: '' };

const consonant = fc.constantFrom(...'бвгджзклмнпрстфхцчшщ');
const vowel = fc.constantFrom(...'аеёиоуыэюя');
const syllable = fc.tuple(consonant, vowel).map((letters) => letters.join(''));
const russian = fc
  .tuple(fc.array(syllable, { minLength: 2, maxLength: 4 }), fc.constantFrom('', 'й', 'н', 'в', 'нь'))
  .map(([syllables, end]) => syllables.join('') + end)
  // Two letters written apart that a system writes as one sound: no system tells them apart, and no name needs it.
  .filter((word) => !/[йъ][аеёиоуыэюя]|[ыи]й/.test(word));

test('any Russian name agrees with its romanisation by both common systems', () => {
  const write = (word: string, system: Record<string, string>) =>
    [...word].map((letter) => system[letter] ?? '').join('');
  fc.assert(
    fc.property(russian, russian, (family, given) => {
      for (const system of [ICAO, BGN]) {
        assert.ok(namesAgree(name(family, given), name(write(family, system), write(given, system))));
      }
    }),
  );
});

test('agreement does not depend on order, case, hyphens or spaces', () => {
  fc.assert(
    fc.property(russian, russian, fc.nat(8), (family, given, at) => {
      const cut = Math.min(at, family.length);
      const split = `${family.slice(0, cut)}-${family.slice(cut)}`;
      const one = name(family, given);
      const other = name(` ${split.toUpperCase()} `, given.toUpperCase());
      assert.equal(namesAgree(one, other), true);
      assert.equal(namesAgree(other, one), true);
    }),
  );
});

test('any text at all gives keys, at most 64, and never an empty one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      for (const keys of [familyKeys(text), givenKeys(text)]) {
        assert.ok(keys.length <= 64);
        assert.ok(keys.every((key) => key.length > 0));
        assert.equal(new Set(keys).size, keys.length);
      }
    }),
  );
});

test('the script of a name is told by its letters', () => {
  assert.equal(scriptOf('Сейітова'), 'Cyrl');
  assert.equal(scriptOf('Հակոբյան'), 'Armn');
  assert.equal(scriptOf('Seitova'), 'Latn');
});
