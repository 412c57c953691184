import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Surroundings } from '../command.ts';
import { bench } from './bench.ts';

test('commonway bench tck says where its cases are to be had, when none are given', async () => {
  const root = process.env.COMMONWAY_ROOT ?? '';
  const around = { root, out: () => undefined, err: () => undefined, env: {} } as unknown as Surroundings;
  const typed = { arguments: ['tck'], options: { cases: '/nowhere' } };
  await assert.rejects(async () => bench.run(around, typed), { code: 'CLI_BENCH_CASES' });
});

test('commonway bench ledger takes a number of leaves and nothing else', async () => {
  const around = { root: process.env.COMMONWAY_ROOT ?? '', out: () => undefined, err: () => undefined, env: {} };
  for (const leaves of ['none', '0', '-5', '1e6', '100000000']) {
    const typed = { arguments: ['ledger'], options: { leaves } };
    await assert.rejects(async () => bench.run(around as unknown as Surroundings, typed), { code: 'CLI_OPTION_WRONG' });
  }
});
