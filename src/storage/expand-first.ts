/** How a migration that contracts says so, in its first line: `-- contract: unused since 0.2.0`. */
const MARK = /^-- contract: unused since (\d+\.\d+\.\d+)\n/;

const CONTRACTIONS: readonly [RegExp, string][] = [
  [/\bdrop\s+(table|column|view|function|type|schema|sequence)\b/i, 'drops something'],
  [/\balter\s+table\b[^;]*\bdrop\s+(?!constraint|default|not\s+null|expression|identity)/i, 'drops a column'],
  [/\brename\b/i, 'renames something'],
  [/\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b/i, 'changes a type'],
  [/\bset\s+not\s+null\b/i, 'demands a value that was optional'],
  [/\badd\s+column\b(?=[^,;]*\bnot\s+null\b)(?![^,;]*\bdefault\b)/i, 'adds a column that older programs do not fill'],
  [/\b(truncate|delete\s+from)\b/i, 'deletes rows'],
];

/**
 * What a migration does that a program of the release before could not live with: expand first, contract later. A file that contracts says
 * since which release nothing reads any more what it takes away, and that release must be over.
 * @param version of the release that the file is to be in
 * @returns reasons, none for a file that only expands or may contract
 * @example findContractions('alter table letter drop column name;', '0.1.0') // ['drops something', 'drops a column']
 */
export function findContractions(sql: string, version: string): string[] {
  const since = MARK.exec(sql)?.[1];
  if (since !== undefined) return isOlder(since, version) ? [] : [`contracts what is unused only since ${since}`];
  const bare = sql.replace(/--[^\n]*/g, '').replace(/'(?:[^']|'')*'/g, "''");
  return CONTRACTIONS.filter(([pattern]) => pattern.test(bare)).map(([, reason]) => reason);
}

function isOlder(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => text.split('.').map(Number));
  for (const place of [0, 1, 2]) {
    const difference = (left?.[place] ?? 0) - (right?.[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
