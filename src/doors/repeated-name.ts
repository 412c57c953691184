/** The end of a text, a bracket, or a comma: all that stands between names and values of valid JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/**
 * Whether an object in a text has one name twice. Programs differ in which of the two counts, so nobody could say what such a text means
 * to who reads it next (RFC 8259 section 4).
 * @param text valid JSON
 * @example hasRepeatedName('{"code":1,"c\\u006fde":2}') // true
 */
export function hasRepeatedName(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && isName(text, match.index + token.length)) {
      const name = JSON.parse(token) as string;
      const names = open.at(-1);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}

function isName(text: string, after: number): boolean {
  let at = after;
  while (/\s/.test(text[at] ?? '')) at++;
  return text[at] === ':';
}
