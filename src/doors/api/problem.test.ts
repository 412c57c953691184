import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../storage/index.ts';
import { problemOf, retryAfter } from './problem.ts';

const REFERENCE = '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d';

test('a database that is away, and a full one, are a 503 that may be tried again and names no host', () => {
  for (const error of [
    new Failure('STORAGE_UNREACHABLE', { host: 'db.inside', reason: 'ECONNREFUSED' }),
    new Failure('STORAGE_NO_SPACE', { host: 'db.inside' }),
  ]) {
    const problem = problemOf(error, REFERENCE);
    assert.deepEqual([problem.status, problem.code], [503, 'DOORS_API_UNAVAILABLE']);
    assert.doesNotMatch(JSON.stringify(problem), /db\.inside|ECONN/);
    assert.equal(retryAfter(error, 0), 5);
  }
});

test('a limit says when the next may come', () => {
  const error = new Failure('MESSAGES_RATE', { sender: 'kz.a/b', most: 1, until: '2026-01-01T00:00:30.000Z' });
  assert.equal(problemOf(error, REFERENCE).status, 429);
  assert.equal(retryAfter(error, Date.parse('2026-01-01T00:00:00.000Z')), 30);
  assert.equal(retryAfter(error, Date.parse('2026-01-02T00:00:00.000Z')), 1);
  assert.equal(retryAfter(new Failure('MESSAGES_TYPE'), 0), undefined);
});

test('an error that is no refusal, or one of a room that this door does not know, says nothing of itself', () => {
  for (const error of [new TypeError('secret'), 'secret', new Failure('CASE_SECRET', { what: 'secret' })]) {
    const problem = problemOf(error, REFERENCE);
    assert.deepEqual([problem.status, problem.code], [500, 'DOORS_API_INTERNAL']);
    assert.doesNotMatch(JSON.stringify(problem), /secret/i);
  }
});
