import { Failure } from '../storage/index.ts';
import { canonicalSegment } from './path.ts';

/** What paths a grant or an endpoint is about. */
export interface PathPattern {
  /** @param path a canonical path */
  test(path: string): boolean;
}

/**
 * A pattern over canonical paths: `*` is one segment (or a part of one), `**` as a whole segment any number of them. `/x/**` is `/x` and
 * everything below it; `/**` is every path, the empty one too.
 *
 * The caller writes the path, so that it is matched without a regular expression: in steps of no more than the product of the two lengths,
 * where a few stars in an expression take hours over a path made for them.
 * @throws Failure ACCESS_PATTERN
 * @example pathPattern('/persons/*').test('/persons/7') // true
 */
export function pathPattern(pattern: string): PathPattern {
  const unfit = (reason: string) => new Failure('ACCESS_PATTERN', { pattern: pattern.slice(0, 100), reason });
  if (pattern.length > 500) throw unfit('it is longer than 500 characters');
  if (pattern !== '' && !pattern.startsWith('/')) throw unfit('it does not begin with a slash');
  const wanted = segmentsOf(pattern).map((segment) => {
    if (segment === '**') return segment;
    if (segment.includes('**')) throw unfit('** must be a segment of its own');
    try {
      return canonicalSegment(segment);
    } catch {
      throw unfit('it is not of the form of a path');
    }
  });
  return { test: (path) => matches(wanted, segmentsOf(path), (one) => one === '**', segmentFits) };
}

/** `` has no segment, `/` an empty one. */
const segmentsOf = (path: string): string[] => (path === '' ? [] : path.slice(1).split('/'));

function segmentFits(wanted: string, segment: string): boolean {
  if (wanted === '*') return segment !== '';
  if (!wanted.includes('*')) return wanted === segment;
  return matches([...wanted], [...segment], (one) => one === '*', Object.is);
}

/**
 * Whether a row is of a form in which gaps stand for any number of elements. Only the last gap passed is ever tried longer: what an earlier
 * one could take more, the last one can take as well.
 */
function matches(
  form: readonly string[],
  row: readonly string[],
  isGap: (one: string) => boolean,
  fits: (wanted: string, one: string) => boolean,
): boolean {
  let [at, place, gap, resume] = [0, 0, -1, 0];
  while (place < row.length) {
    const wanted = form[at];
    if (wanted !== undefined && isGap(wanted)) {
      gap = at++;
      resume = place;
    } else if (wanted !== undefined && fits(wanted, row[place] as string)) {
      at++;
      place++;
    } else if (gap >= 0) {
      at = gap + 1;
      place = ++resume;
    } else return false;
  }
  while (at < form.length && isGap(form[at] as string)) at++;
  return at === form.length;
}
