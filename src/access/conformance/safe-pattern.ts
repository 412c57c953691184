/** How many ways there may be to divide a text among the parts of a pattern: what bounds the time a search takes. */
const MOST_WAYS = 10_000;
const LONGEST = 500;

/**
 * Whether a regular expression of a stranger can be run over a stranger's text. Expressions that engines run by trying one way after the
 * other take time that grows as a power of the text, or worse (ReDoS). Taken is what is plain: a row of characters, classes and groups, in
 * which groups that repeat are of a fixed form, with at most one part of open length, and that behind `^`; no looking around, no references back.
 */
export function isSafePattern(source: string): boolean {
  if (source.length > LONGEST || /\(\?(?!:)|\\[1-9kpP]/.test(source)) return false;
  try {
    new RegExp(source, 'u');
  } catch {
    return false;
  }
  const ways = waysOf(source);
  if (ways === undefined || ways > MOST_WAYS) return false;
  // Without a fixed start the search begins anew at each character.
  return ways === 1 || (source.startsWith('^') && !hasAlternative(source));
}

const ATOM = /^(?:\\u\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|\[(?:\\.|[^\]\\])*\]|[^\\[\]()*+?{}])/su;
const REPEAT = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/;

/** In how many ways a text can be divided among the parts; undefined where what repeats is itself of no fixed form. */
function waysOf(source: string): number | undefined {
  let rest = source;
  let ways = 1;
  const open: number[] = [];
  while (rest !== '') {
    if (rest.startsWith('(')) {
      open.push(ways);
      rest = rest.slice(rest.startsWith('(?:') ? 3 : 1);
      ways = 1;
      continue;
    }
    let within = 1;
    const isGroup = rest.startsWith(')');
    if (isGroup) {
      within = ways;
      ways = open.pop() ?? Number.POSITIVE_INFINITY;
      rest = rest.slice(1);
    } else {
      const [atom] = ATOM.exec(rest) ?? [];
      if (atom === undefined) return undefined;
      rest = rest.slice(atom.length);
    }
    const [repeat = '', least, range, most] = REPEAT.exec(rest) ?? [];
    rest = rest.slice(repeat.length);
    if (repeat === '') ways *= within;
    else {
      const times = timesOf(repeat, least, range, most);
      // A group that repeats any number of times, or in which there is a choice, divides a text in too many ways.
      if (isGroup && (within > 1 || times > 2)) return undefined;
      ways *= times * within;
    }
  }
  return open.length === 0 ? ways : undefined;
}

function timesOf(repeat: string, least = '', range = '', most = ''): number {
  if (repeat.startsWith('?')) return 2;
  // The one part of open length: what stands behind it is tried once a place, so it counts as long as half of what is allowed.
  if (repeat.startsWith('*') || repeat.startsWith('+') || (range !== '' && most === '')) return MOST_WAYS / 2;
  return range === '' ? 1 : Math.max(1, Number(most) - Number(least) + 1);
}

/** A choice outside any group begins a second expression, which has no fixed start; inside one it repeats nothing. */
function hasAlternative(source: string): boolean {
  const plain = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gsu, '');
  let depth = 0;
  for (const character of plain) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character === '|' && depth === 0) return true;
  }
  return false;
}
