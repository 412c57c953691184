import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import type { Surroundings } from '../command.ts';
import { check } from './check.ts';

async function run(
  folder: string,
  options: { json?: boolean; coverage?: boolean } = {},
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const root = process.env.COMMONWAY_ROOT ?? '';
  const around = { out: (line: string) => lines.push(line) } as unknown as Surroundings;
  const code = await check.run(around, { arguments: [resolve(root, folder)], options });
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
    const { lines } = await run('src/agreements/fixtures/good', { json: true });
    const { ok, findings, scenarios, digests } = JSON.parse(lines[0] ?? '');
    assert.deepEqual([lines.length, ok, findings, scenarios], [1, true, [], { run: 3, failed: 0, differences: [] }]);
    assert.match(digests.contract, /^[0-9a-f]{64}$/);
  });

  it('tells what the scenarios meet when asked, also as JSON', async () => {
    const { code, lines } = await run('src/agreements/fixtures/good', { coverage: true });
    assert.equal(code, 0);
    assert.ok(lines.includes('  table rows  2 of 2 met'), lines.join('\n'));
    assert.ok(
      lines.some((line) => /^ {2}kz +3 +2 +1 +0 +0 +0 of 0$/.test(line)),
      lines.join('\n'),
    );
    const { coverage } = JSON.parse((await run('src/agreements/fixtures/good', { json: true })).lines[0] ?? '');
    assert.deepEqual(coverage.rows, { met: 2, all: 2 });
    assert.equal(coverage.annexes.kz.decisions, 3);
  });

  it('tells the differences of a scenario, and the rows that none meets', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(resolve(process.env.COMMONWAY_ROOT ?? '', 'src/agreements/fixtures/good'), folder, { recursive: true });
    const path = join(folder, 'scenarios', 'permit.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('nights: 15', 'nights: 14'));
    const { code, lines } = await run(folder);
    assert.equal(code, 1);
    const told = lines.join('\n');
    assert.match(told, /decisions\.kz\.values\.fee\n {6}expected 120\n {6}actual {3}80\n {6}by {7}rule fee, article/);
    assert.match(
      told,
      /rules\/permit\.yaml:67:13 AGREEMENT_ROW_NOT_MET\n {2}No scenario meets the row dear of affordable\./,
    );
  });
});
