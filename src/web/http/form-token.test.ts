import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFormToken, fromOwnPage, makeFormToken } from './form-token.ts';

test('a token is taken back for the secret that it was made of, and for no other', () => {
  const token = makeFormToken('one');
  assert.ok(checkFormToken('one', token));
  assert.ok(!checkFormToken('other', token));
  assert.ok(!checkFormToken('', token));
});

test('no two tokens are alike, so that compression tells nothing of them', () => {
  const tokens = Array.from({ length: 100 }, () => makeFormToken('one'));
  assert.equal(new Set(tokens).size, 100);
  assert.ok(tokens.every((token) => checkFormToken('one', token)));
});

test('a changed, cut, long, empty or foreign value is no token', () => {
  const token = makeFormToken('one');
  const changed = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
  for (const wrong of [changed, token.slice(1), `${token}A`, '', 'A'.repeat(86), undefined, 7, [token], null]) {
    assert.ok(!checkFormToken('one', wrong), String(wrong));
  }
});

test('only a form of this origin may change anything', () => {
  const own = 'https://kz.example';
  assert.ok(fromOwnPage({ origin: own }, own));
  assert.ok(!fromOwnPage({ origin: 'https://kz.example.evil' }, own));
  assert.ok(!fromOwnPage({ origin: 'http://kz.example' }, own));
  assert.ok(!fromOwnPage({ origin: 'null' }, own));
  assert.ok(!fromOwnPage({ origin: 'https://evil.example', site: 'same-origin' }, own));
});

test('a browser that sends no origin is believed by its fetch metadata; without both the token decides', () => {
  assert.ok(fromOwnPage({ site: 'same-origin' }, 'https://kz.example'));
  assert.ok(!fromOwnPage({ site: 'cross-site' }, 'https://kz.example'));
  assert.ok(!fromOwnPage({ site: 'same-site' }, 'https://kz.example'));
  assert.ok(fromOwnPage({}, 'https://kz.example'));
});
