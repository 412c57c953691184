const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))/gs;
const SIGNS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' };

/**
 * The text between the quotes of a literal (DMN 1.5, grammar rule 35 and 64).
 *
 * @returns the text, and the first escape that does not exist, which is left as it stands
 */
export function readTextLiteral(inner: string): { text: string; unknown: string | undefined } {
  let unknown: string | undefined;
  if (!inner.includes('\\')) return { text: inner, unknown };
  const text = inner.replace(ESCAPE, (whole, short?: string, long?: string, sign?: string) => {
    const code = short ?? long;
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      if (point <= 0x10ffff) return short === undefined ? String.fromCodePoint(point) : String.fromCharCode(point);
    } else {
      const plain = sign === undefined ? undefined : SIGNS[sign];
      if (plain !== undefined) return plain;
    }
    unknown ??= whole;
    return whole;
  });
  return { text, unknown };
}
