import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../storage/index.ts';
import { lockWith, unlockWith } from './passphrase.ts';

const locked = lockWith('correct horse', Buffer.from('a key'));
const refused = (error: unknown) => isFailure(error, 'CRYPTO_LOCKED');

test('what was locked under a passphrase opens under it, and is not readable', () => {
  assert.equal(unlockWith('correct horse', locked).toString(), 'a key');
  assert.ok(!locked.includes('a key'));
});

test('another passphrase, a changed byte or a cut end opens nothing', () => {
  assert.throws(() => unlockWith('correct horse ', locked), refused);
  for (const place of [0, 20, 40, 55, locked.length - 1]) {
    const changed = Buffer.from(locked);
    changed[place] = (changed[place] ?? 0) ^ 1;
    assert.throws(() => unlockWith('correct horse', changed), refused, `byte ${place}`);
  }
  assert.throws(() => unlockWith('correct horse', locked.subarray(0, -1)), refused);
});
