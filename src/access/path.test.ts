import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../storage/index.ts';
import { canonicalPath } from './path.ts';
import { pathPattern } from './pattern.ts';

const refuses = (raw: string) =>
  assert.throws(
    () => canonicalPath(raw),
    (error) => isFailure(error, 'ACCESS_PATH'),
    raw,
  );

test('unreserved characters are bare, hex is upper-case, reserved ones stay as they were written', () => {
  assert.equal(canonicalPath('/%61%2d%7E/%c3%a4;%3b+%2b'), '/a-~/%C3%A4;%3B+%2B');
});

test('the empty path, a slash and a slash at the end are three things', () => {
  assert.deepEqual(['', '/', '/a', '/a/'].map(canonicalPath), ['', '/', '/a', '/a/']);
});

test('what servers read in several ways is refused', () => {
  for (const raw of [
    '/a%2Fb',
    '/a%2fb',
    '/a%5Cb',
    '/a%5cb',
    '/a%00',
    '/..',
    '/a/../b',
    '/.',
    '/a/./b',
    '/%2e%2e/b',
    '/%2E/',
    '/.%2e',
  ])
    refuses(raw);
  for (const raw of [
    '//',
    '/a//b',
    '//a',
    '/a//',
    '/..;x/b',
    '/..%3Bx',
    '/a/;/b',
    '/a/%3bx',
    `/${'a'.repeat(8192)}`,
    '/%',
    '/%2',
    '/%zz',
    '/%c3',
    '/%ff',
    '/a\\b',
    '/a b',
    '/a"',
    '/ä',
    'a',
  ])
    refuses(raw);
});

const anyPath = fc
  .array(fc.constantFrom(...'aZ09-._~!$&;=:@/%25cF'.split(''), '%2F', '%5c', '%00', '%2e', '%41', '%C3%A4', '/'), {
    maxLength: 24,
  })
  .map((parts) => `/${parts.join('')}`);

test('for every path: it is refused, or its form is its own form and decodes to the same octets', () => {
  fc.assert(
    fc.property(anyPath, (raw) => {
      let path: string;
      try {
        path = canonicalPath(raw);
      } catch (error) {
        assert.ok(isFailure(error, 'ACCESS_PATH'));
        return;
      }
      assert.equal(canonicalPath(path), path);
      assert.equal(decodeURIComponent(path), decodeURIComponent(raw));
    }),
    { numRuns: 2000 },
  );
});

test('for every path that is not refused: no way of decoding it once more in segments leads out or elsewhere', () => {
  fc.assert(
    fc.property(anyPath, (raw) => {
      let path: string;
      try {
        path = canonicalPath(raw);
      } catch {
        return;
      }
      const segments = path.split('/').slice(1);
      const read = new URL(`http://h${path}`).pathname;
      assert.equal(read, path, 'a URL parser reads another path');
      for (const segment of segments) {
        const decoded = decodeURIComponent(segment);
        assert.ok(!/[/\\\0]/.test(decoded) && decoded !== '.' && decoded !== '..');
      }
    }),
    { numRuns: 2000 },
  );
});

test('for every path: what a pattern of itself allows is only itself', () => {
  fc.assert(
    fc.property(anyPath, anyPath, (one, two) => {
      let paths: [string, string];
      try {
        paths = [canonicalPath(one), canonicalPath(two)];
      } catch {
        return;
      }
      if (paths[0].includes('*')) return;
      assert.equal(pathPattern(paths[0]).test(paths[1]), paths[0] === paths[1]);
    }),
    { numRuns: 2000 },
  );
});

test('for every pattern and path: it fits as the regular expression that says the same', () => {
  const expression = (pattern: string) =>
    new RegExp(
      `^${segments(pattern)
        .map((one) =>
          one === '**'
            ? '(?:/.*)?'
            : one === '*'
              ? '/[^/]+'
              : `/${one.replace(/[$.]/g, '\\$&').replaceAll('*', '[^/]*')}`,
        )
        .join('')}$`,
    );
  const segments = (path: string) => (path === '' ? [] : path.slice(1).split('/'));
  const some = (...of: string[]) =>
    fc.array(fc.constantFrom(...of), { maxLength: 6 }).map((parts) => parts.map((part) => `/${part}`).join(''));
  fc.assert(
    fc.property(
      some('**', '*', '', 'a', 'b', 'a*', '*b', 'a*b*a', '*a*', 'a.'),
      some('', 'a', 'b', 'ab', 'aba', 'abba', 'ba', 'a.', 'ax'),
      (pattern, path) => assert.equal(pathPattern(pattern).test(path), expression(pattern).test(path)),
    ),
    { numRuns: 5000 },
  );
});

test('a path made for the purpose does not hold up whoever matches it', () => {
  // As a regular expression this takes longer than there is a process to wait for it.
  assert.ok(!pathPattern(`${'/**/a'.repeat(90)}/b`).test('/a'.repeat(4000)));
  assert.ok(!pathPattern(`/${'*a'.repeat(200)}b`).test(`/${'a'.repeat(8000)}`));
});

test('a star is one segment, two stars are any number', () => {
  const yes = [
    ['/a/*', '/a/b'],
    ['/a/*/c', '/a/b/c'],
    ['/a/**', '/a'],
    ['/a/**', '/a/b/c'],
    ['/**', ''],
    ['/**', '/'],
    ['/**/z', '/a/b/z'],
    ['/v*/x', '/v12/x'],
    ['', ''],
  ];
  const no = [
    ['/a/*', '/a/b/c'],
    ['/a/*', '/a/'],
    ['/a/*', '/a'],
    ['/a/**', '/ab'],
    ['', '/'],
    ['/', ''],
    ['/a', '/a/'],
    ['/a.b', '/axb'],
    ['/v*', '/v1/x'],
  ];
  for (const [pattern = '', path = ''] of yes) assert.ok(pathPattern(pattern).test(path), `${pattern} ${path}`);
  for (const [pattern = '', path = ''] of no) assert.ok(!pathPattern(pattern).test(path), `${pattern} ${path}`);
});

test('a pattern that is not of the form of a path is refused', () => {
  for (const pattern of ['a', '/a**', '/a b', '/%2F', `/${'a'.repeat(600)}`])
    assert.throws(
      () => pathPattern(pattern),
      (error) => isFailure(error, 'ACCESS_PATTERN'),
    );
});
