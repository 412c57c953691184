import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shiftedClock } from '../storage/index.ts';
import { exchangeHealth } from './health.ts';
import { testNet, until } from './testing.ts';

test('how far the clock of a peer is off is known at both ends after a greeting, before anything is refused for it', async (t) => {
  const net = await testNet(t, ['kg', 'kz'], { clocks: { kz: shiftedClock(30_000) } });
  const skewAt = async (state: string) => (await exchangeHealth(net.node(state).db))[0]?.skewMs;
  await net.node('kg').start();
  await net.node('kz').start();
  net.node('kg').exchange().greet('kz');
  await until('both know', async () => (await skewAt('kg')) !== undefined && (await skewAt('kz')) !== undefined);
  const [ofKz, ofKg] = [await skewAt('kg'), await skewAt('kz')];
  // What the way took leaves half of itself open; 30 s are far from that.
  assert.ok(ofKz !== undefined && ofKz > 20_000 && ofKz < 40_000, String(ofKz));
  assert.ok(ofKg !== undefined && ofKg < -20_000 && ofKg > -40_000, String(ofKg));
});
