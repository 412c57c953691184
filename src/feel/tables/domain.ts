import { orderOf } from '../operators/order.ts';
import type { FeelValue } from '../values.ts';

/**
 * The values that a cell lets through, where its tests are constants: what overlap, reachability and completeness are decided on.
 * `all` is the dash, `unknown` a test over facts.
 */
export type Domain =
  | { readonly kind: 'all' }
  | { readonly kind: 'unknown' }
  /** A part of an enumeration, or of true and false. */
  | { readonly kind: 'some'; readonly values: ReadonlySet<FeelValue>; readonly none: boolean }
  /** Parts of an ordered line; `none` says whether null passes as well. */
  | { readonly kind: 'spans'; readonly spans: readonly Span[]; readonly none: boolean };

/** From one edge to another; a span without an edge goes on for ever. */
export interface Span {
  readonly from: Edge | undefined;
  readonly to: Edge | undefined;
}

/** A place on the line: at a value, or just before (-1) or after (1) it. */
export interface Edge {
  readonly at: FeelValue;
  readonly side: -1 | 0 | 1;
}

export const ALL: Domain = { kind: 'all' };
export const UNKNOWN: Domain = { kind: 'unknown' };

const orderOfEdges = (a: Edge, b: Edge): number => orderOf(a.at, b.at) || a.side - b.side;

const laterStart = (a: Edge | undefined, b: Edge | undefined): Edge | undefined =>
  a === undefined ? b : b === undefined || orderOfEdges(a, b) >= 0 ? a : b;

const earlierEnd = (a: Edge | undefined, b: Edge | undefined): Edge | undefined =>
  a === undefined ? b : b === undefined || orderOfEdges(a, b) <= 0 ? a : b;

const filled = ({ from, to }: Span): boolean => from === undefined || to === undefined || orderOfEdges(from, to) <= 0;

/** Whether some value passes both cells. */
export function meet(a: Domain, b: Domain): 'yes' | 'no' | 'unknown' {
  if (isEmpty(a) || isEmpty(b)) return 'no';
  if (a.kind === 'unknown' || b.kind === 'unknown') return 'unknown';
  if (a.kind === 'all' || b.kind === 'all') return 'yes';
  if (a.none && b.none) return 'yes';
  if (a.kind === 'some' && b.kind === 'some') return [...a.values].some((value) => b.values.has(value)) ? 'yes' : 'no';
  if (a.kind !== 'spans' || b.kind !== 'spans') return 'unknown';
  const common = a.spans.some((one) => b.spans.some((other) => filled(overlap(one, other))));
  return common ? 'yes' : 'no';
}

const overlap = (a: Span, b: Span): Span => ({ from: laterStart(a.from, b.from), to: earlierEnd(a.to, b.to) });

/** Whether everything that passes `inner` certainly passes `outer`. */
export function within(inner: Domain, outer: Domain): boolean {
  if (outer.kind === 'all' || isEmpty(inner)) return true;
  if (inner.kind === 'some' && outer.kind === 'some') {
    return (!inner.none || outer.none) && [...inner.values].every((value) => outer.values.has(value));
  }
  if (inner.kind !== 'spans' || outer.kind !== 'spans' || (inner.none && !outer.none)) return false;
  return inner.spans.filter(filled).every((span) => outer.spans.some((other) => covers(other, span)));
}

function covers(outer: Span, inner: Span): boolean {
  const startsIn = outer.from === undefined || (inner.from !== undefined && orderOfEdges(outer.from, inner.from) <= 0);
  const endsIn = outer.to === undefined || (inner.to !== undefined && orderOfEdges(outer.to, inner.to) >= 0);
  return startsIn && endsIn;
}

/** Whether nothing passes. */
export function isEmpty(domain: Domain): boolean {
  if (domain.kind === 'some') return domain.values.size === 0 && !domain.none;
  return domain.kind === 'spans' && !domain.none && !domain.spans.some(filled);
}

/** The line without the spans. */
export function complement(spans: readonly Span[]): Span[] {
  let rest: Span[] = [{ from: undefined, to: undefined }];
  for (const span of spans.filter(filled)) {
    rest = rest.flatMap((part) => [
      ...(span.from === undefined ? [] : [overlap(part, { from: undefined, to: before(span.from) })]),
      ...(span.to === undefined ? [] : [overlap(part, { from: after(span.to), to: undefined })]),
    ]);
  }
  return rest.filter(filled);
}

const before = ({ at, side }: Edge): Edge => ({ at, side: side === 1 ? 0 : -1 });
const after = ({ at, side }: Edge): Edge => ({ at, side: side === -1 ? 0 : 1 });
