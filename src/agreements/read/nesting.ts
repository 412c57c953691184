/**
 * An upper bound of how deep a YAML text nests, in one pass and without parsing: the parser itself takes quadratic time on a text
 * that only opens brackets or dashes, so such a text must not reach it.
 *
 * @example nestingOf('a: [[1]]') // 3
 */
export function nestingOf(text: string): number {
  let deepest = 0;
  let open = 0;
  for (const line of text.split('\n')) {
    // `- - - x` nests once for each dash; so does `? `.
    const dashes = /^[\s\-?]*/.exec(line)?.[0].replace(/[^\-?]/g, '').length ?? 0;
    let quote = '';
    for (let index = 0; index < line.length; index++) {
      const character = line[index] as string;
      if (quote !== '') {
        if (character === quote) quote = '';
      } else if ((character === '"' || character === "'") && /[\s[{,:]/.test(line[index - 1] ?? ' ')) {
        quote = character;
      } else if (character === '#' && /\s/.test(line[index - 1] ?? ' ')) {
        break;
      } else if (character === '[' || character === '{') {
        open += 1;
      } else if ((character === ']' || character === '}') && open > 0) {
        open -= 1;
      }
      if (open + dashes > deepest) deepest = open + dashes;
    }
  }
  return deepest + 1;
}
