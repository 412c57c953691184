/**
 * How letters and groups of letters of the union's scripts are read, as classes of one coarse Latin alphabet.
 *
 * One name is written in passports, registers and letters by several systems: ICAO Doc 9303 part 3 section 6 (machine readable
 * documents), GOST R 52535.1, BGN/PCGN, the national Latin alphabets, and by ear. The classes are so wide that all of them fall
 * together; where a letter is read in two ways (Belarusian and Russian г, Latin j) both readings are kept.
 * `š ž č c` stand for the sounds of ш, ж and дж, ч, ц.
 */

type Readings = Readonly<Record<string, readonly string[]>>;

const CYRILLIC: Readings = {
  а: ['a'],
  ә: ['a', 'e'],
  б: ['b'],
  в: ['v'],
  г: ['g', 'h'],
  ґ: ['g'],
  ғ: ['g'],
  д: ['d'],
  е: ['e'],
  ё: ['e'],
  ж: ['ž'],
  дж: ['ž'],
  з: ['z'],
  и: ['i'],
  й: ['i'],
  і: ['i'],
  ї: ['i'],
  к: ['k'],
  қ: ['k'],
  л: ['l'],
  м: ['m'],
  н: ['n'],
  нг: ['n'],
  ң: ['n'],
  о: ['o'],
  ө: ['o'],
  п: ['p'],
  р: ['r'],
  с: ['s'],
  т: ['t'],
  тс: ['c'],
  у: ['u'],
  ұ: ['u'],
  ү: ['u'],
  ў: ['u', 'v'],
  ф: ['f'],
  х: ['h'],
  һ: ['h'],
  ц: ['c'],
  ч: ['č'],
  ш: ['š'],
  шч: ['š'],
  щ: ['š'],
  ъ: [''],
  ы: ['i'],
  ь: [''],
  э: ['e'],
  ю: ['iu'],
  я: ['ia'],
};

// Reformed Eastern Armenian. Russian writes հ as nothing or as г, բ as п, գ and ղ as к: Հակոբյան is Акопян, Հովհաննիսյան is Оганнисян.
const ARMENIAN: Readings = {
  ա: ['a'],
  բ: ['b', 'p'],
  գ: ['g', 'k'],
  դ: ['d', 't'],
  ե: ['e'],
  զ: ['z'],
  է: ['e'],
  ը: ['i', 'e'],
  թ: ['t'],
  ժ: ['ž'],
  ի: ['i'],
  լ: ['l'],
  խ: ['h'],
  ծ: ['c'],
  կ: ['k'],
  հ: ['h', '', 'g'],
  ձ: ['dz'],
  ղ: ['g', 'k'],
  ճ: ['č'],
  մ: ['m'],
  յ: ['i'],
  ն: ['n'],
  նգ: ['n'],
  շ: ['š'],
  ո: ['o', 'vo'],
  ու: ['u'],
  չ: ['č'],
  պ: ['p'],
  ջ: ['ž'],
  ռ: ['r'],
  ս: ['s'],
  վ: ['v'],
  վհ: ['vh', 'v', 'g'],
  տ: ['t'],
  ր: ['r'],
  ց: ['c'],
  ւ: ['v', 'u'],
  փ: ['p'],
  ք: ['k'],
  օ: ['o'],
  ֆ: ['f'],
  և: ['ev'],
  եւ: ['ev'],
};

const LATIN: Readings = {
  c: ['c', 'k'],
  ch: ['č'],
  ck: ['k'],
  dj: ['ž'],
  dzh: ['ž'],
  g: ['g'],
  gh: ['g'],
  h: ['h', ''],
  j: ['i', 'ž'],
  kh: ['h', 'k'],
  ng: ['n'],
  q: ['k'],
  sch: ['š'],
  sh: ['š'],
  shch: ['š'],
  tch: ['č'],
  ts: ['c'],
  tz: ['c'],
  w: ['v', 'u'],
  x: ['ks'],
  y: ['i'],
  zh: ['ž'],
  š: ['š'],
  ş: ['š'],
  ž: ['ž'],
  č: ['č'],
  ç: ['č'],
  šč: ['š'],
  ñ: ['n'],
  ı: ['i'],
  ł: ['l'],
  ø: ['o'],
  ŭ: ['u', 'v'],
};

const TABLE = new Map<string, readonly string[]>(Object.entries({ ...CYRILLIC, ...ARMENIAN, ...LATIN }));
const LONGEST = 4;
const MOST_READINGS = 64;

/**
 * Every reading of a word in lower case and composed form (NFC). At most 64: a word with more keeps the first readings of its last
 * letters.
 *
 * @example readings('ганна') // ['ganna', 'hanna']
 */
export function readings(word: string): string[] {
  let found = [''];
  for (let at = 0; at < word.length; ) {
    const [length, options] = readAt(word, at);
    const next = found.flatMap((start) => options.map((option) => start + option));
    found = next.length <= MOST_READINGS ? next : found.map((start) => start + (options[0] ?? ''));
    at += length;
  }
  return found;
}

/** The longest group of letters that the tables know, else the bare letter without its marks. */
function readAt(word: string, at: number): [number, readonly string[]] {
  for (let length = Math.min(LONGEST, word.length - at); length > 0; length--) {
    const options = TABLE.get(word.slice(at, at + length));
    if (options !== undefined) return [length, options];
  }
  const letter = word[at] ?? '';
  return [1, [letter.normalize('NFD').replace(/\p{M}/gu, '')]];
}
