import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, observe, readMeasures } from './measures.ts';
import { traceOf, traceOfId, traceparentFor } from './trace.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

test('a traceparent is read as W3C Trace Context has it, and what is none begins no trace', () => {
  for (const one of [
    `00-${TRACE}-b7ad6b7169203331-01`,
    `00-${TRACE}-b7ad6b7169203331-00`,
    `cc-${TRACE}-b7ad6b7169203331-01-more`,
  ])
    assert.equal(traceOf(one), TRACE);
  for (const none of [
    undefined,
    '',
    TRACE,
    `ff-${TRACE}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-b7ad6b7169203331-01`,
    `00-${TRACE}-b7ad6b7169203331`,
    `00-Айгерім${TRACE.slice(7)}-b7ad6b7169203331-01`,
  ])
    assert.equal(traceOf(none), undefined);
  const id = '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d';
  assert.equal(traceOf(traceparentFor(traceOfId(id))), id.replaceAll('-', ''));
});

test('durations fall into buckets that each hold all below them, and series have an end', () => {
  for (const seconds of [0.0005, 0.02, 0.02, 60]) observe('took_seconds', 'x', { hop: 'test' }, seconds);
  const samples = readMeasures().find(({ name }) => name === 'took_seconds')?.samples ?? [];
  const of = (suffix: string, le?: string) =>
    samples.find((one) => one.suffix === suffix && one.labels.le === le)?.value;
  assert.deepEqual(
    [
      of('_bucket', '0.001'),
      of('_bucket', '0.025'),
      of('_bucket', '30'),
      of('_bucket', '+Inf'),
      of('_count'),
      of('_sum'),
    ],
    [1, 3, 3, 4, 4, 60.0405],
  );
  for (let at = 0; at < 2000; at++) count('many', 'x', { service: `s${at}` });
  const many = readMeasures().find(({ name }) => name === 'many')?.samples ?? [];
  assert.equal(many.length, 501);
  assert.equal(many.find(({ labels }) => labels.service === 'other')?.value, 1500);
});
