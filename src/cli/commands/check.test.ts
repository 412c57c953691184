import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Surroundings } from '../command.ts';
import { check } from './check.ts';

async function run(folder: string, json = false): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const root = process.env.COMMONWAY_ROOT ?? '';
  const around = { out: (line: string) => lines.push(line) } as unknown as Surroundings;
  const code = await check.run(around, { arguments: [join(root, folder)], options: { json } });
  return { code, lines };
}

describe('commonway check', () => {
  it('says that an agreement without fault has none', async () => {
    const { code, lines } = await run('src/agreements/fixtures/good');
    assert.equal(code, 0);
    assert.deepEqual(lines, ['parking: no findings, 3 scenarios hold']);
  });

  it('tells place, code and hint of each finding, and exits with 1', async () => {
    const { code, lines } = await run('src/agreements/fixtures');
    assert.equal(code, 1);
    assert.equal(lines[0], 'agreement.yaml:1:1 AGREEMENT_FILE_MISSING');
    assert.match(lines.at(-1) ?? '', /^\d+ findings$/);
  });

  it('prints one JSON object when asked', async () => {
    const { lines } = await run('src/agreements/fixtures/good', true);
    const { ok, findings, scenarios, digests } = JSON.parse(lines[0] ?? '');
    assert.deepEqual([lines.length, ok, findings, scenarios], [1, true, [], { run: 3, failed: 0, differences: [] }]);
    assert.match(digests.contract, /^[0-9a-f]{64}$/);
  });
});
