/** Words of the language that no name may be, and those of its functions and types that it reads in ways of their own. */
const WORDS = new Set(
  [
    'and between context date duration else every external false for function if in instance list not null number of or range',
    'return satisfies some string then time true',
    // What every object of the runtime has is no name of a rule.
    'constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf',
  ]
    .join(' ')
    .split(' '),
);
const LONGEST_NAME = 41;

/**
 * Names as agreements have them for the names of a model: each always the same, no two alike.
 *
 * @example ruleNames()('Monthly Payment') // 'monthlyPayment'
 */
export function ruleNames(): (name: string) => string {
  const given = new Map<string, string>();
  const taken = new Set<string>();
  return (name) => {
    const known = given.get(name);
    if (known !== undefined) return known;
    const plain = camelCase(name);
    let unique = plain;
    for (let number = 2; taken.has(unique) || WORDS.has(unique); number++) {
      unique = `${plain.slice(0, LONGEST_NAME - String(number).length)}${number}`;
    }
    taken.add(unique);
    given.set(name, unique);
    return unique;
  };
}

/** Letters with accents lose them; what has no Latin letter is just a rule. */
function camelCase(name: string): string {
  const words =
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/['’]/g, '')
      .match(/[A-Za-z0-9]+/g) ?? [];
  const [first = '', ...rest] = words;
  const start = /^[A-Z0-9]+$/.test(first) ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1);
  const joined = [start, ...rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
  return (/^[a-z]/.test(joined) ? joined : `rule${joined}`).slice(0, LONGEST_NAME);
}
