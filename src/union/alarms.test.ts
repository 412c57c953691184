import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDb } from '../storage/testing.ts';
import { listAlarms, migrations, raiseAlarm } from './index.ts';

test('a peer that gives ever new causes fills no table: beyond some they are counted together', async (t) => {
  const db = await freshDb(t, [migrations]);
  const at = '2026-06-01T10:00:00.000Z';
  const raise = (cause: string, peer = 'ru') =>
    raiseAlarm(db, { kind: 'edition-refused', peer, cause, detail: {} }, at);
  for (let number = 0; number < 230; number++) await raise(`${number}`);
  await raise('7');
  await raise('1000', 'kg');
  const alarms = await listAlarms(db);
  const timesOf = (cause: string) => alarms.find((one) => one.cause === cause)?.times;
  assert.deepEqual([alarms.length, timesOf('others'), timesOf('7'), timesOf('8'), timesOf('1000')], [202, 30, 2, 1, 1]);
});
