import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '../storage/testing.ts';
import { charterReminder } from './charter-reminder.ts';

const HOUR_MS = 3_600_000;

test('an expired charter is said when it is seen, once a day after that, and no more when it was renewed', () => {
  const clock = manualClock('2026-03-01T00:00:00.000Z');
  let expires = '2026-03-02T00:00:00.000Z';
  const said: string[] = [];
  const trust = {
    get charter() {
      return { expires } as never;
    },
    expired: () => clock.now() >= expires,
  };
  const look = charterReminder({ trust, clock }, (when) =>
    said.push(`${clock.now().slice(5, 13)} ${when.slice(0, 10)}`),
  );
  for (let hour = 0; hour < 60; hour++) {
    look();
    clock.advance(HOUR_MS);
  }
  assert.deepEqual(said, ['03-02T00 2026-03-02', '03-03T00 2026-03-02']);
  expires = '2026-03-10T00:00:00.000Z';
  look();
  expires = '2026-03-03T00:00:00.000Z';
  look();
  look();
  assert.deepEqual(said.slice(2), ['03-03T12 2026-03-03']);
});
