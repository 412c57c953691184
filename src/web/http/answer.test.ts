import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnPath, redirect } from './answer.ts';

test('a path of this portal is one', () => {
  for (const path of ['/', '/services', '/drafts/1/pages/work?from=check', '/access#x'])
    assert.ok(isOwnPath(path), path);
});

test('what a browser could read as another host is no path of ours', () => {
  const wrong = [
    '',
    'services',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/a\\b',
    '/a\nb',
    '/\u0000',
    '/é',
    '/ a',
    'javascript:alert(1)',
  ];
  for (const path of wrong) {
    assert.ok(!isOwnPath(path), path);
    assert.throws(() => redirect(path), RangeError);
  }
});
