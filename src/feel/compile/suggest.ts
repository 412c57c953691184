/** Names shown when none is near. */
const MOST_SHOWN = 8;

/**
 * The hint for a name that is not known: the nearest known one, else what there is.
 *
 * @example suggest('brithDate', ['birthDate', 'name']) // 'Did you mean birthDate?'
 */
export function suggest(name: string, known: readonly string[]): string {
  const limit = Math.ceil((name.length - 2) / 3);
  let nearest: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  if (known.length === 0) return 'There are no names here.';
  const shown = known.slice(0, MOST_SHOWN).join(', ');
  return `There is: ${shown}${known.length > MOST_SHOWN ? ' and others' : ''}.`;
}

/** Letters to add, drop or change; `limit + 1` when it is more than the limit. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
