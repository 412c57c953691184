import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demandElsewhere } from './elsewhere.ts';

test('no spelling of an address of the node itself is taken', () => {
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '0.0.0.0',
    'localhost',
    'LOCALHOST.',
    'kz.localhost',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[fe80::1]',
    '169.254.169.254',
    '224.0.0.1',
  ])
    assert.throws(() => demandElsewhere(`http://${host}:8080/x`), { code: 'ACCESS_URL' }, host);
  assert.throws(() => demandElsewhere('not a url'), { code: 'ACCESS_URL' });
  for (const host of ['10.0.0.7', '192.168.1.4', 'register.example', '[fd00::7]', '8.8.8.8'])
    demandElsewhere(`https://${host}/api`);
});
