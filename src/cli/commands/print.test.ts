import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { LANGUAGES } from '../../texts/index.ts';
import type { Surroundings } from '../command.ts';
import { print } from './print.ts';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();

describe('commonway print', () => {
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'commonway-print-'));
  });
  afterEach(() => rmSync(out, { recursive: true }));

  async function run(folder: string, options: Record<string, string | boolean> = {}): Promise<string[]> {
    const lines: string[] = [];
    const around = { out: (line: string) => lines.push(line) } as unknown as Surroundings;
    const code = await print.run(around, { arguments: [join(root, folder)], options: { out, ...options } });
    assert.equal(code, 0);
    return lines;
  }

  it('writes the regulation and the journey of each service, in every language unless one is named', async () => {
    assert.equal((await run('src/agreements/fixtures/good')).length, LANGUAGES.length * 2);
    const files = LANGUAGES.flatMap((language) => [`parking.${language}.html`, `parking.permit.${language}.svg`]);
    assert.deepEqual(readdirSync(out).sort(), files.sort());
    const [html = '', svg = ''] = await run('src/agreements/fixtures/good', { language: 'kk' });
    assert.match(readFileSync(html, 'utf8'), /^<!doctype html>\n<html lang="kk"/);
    assert.match(readFileSync(svg, 'utf8'), /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" xml:lang="kk"/);
  });

  it('names the digests, and each file with the digest of its bytes, for machines', async () => {
    const lines = await run('src/agreements/fixtures/good', { language: 'ky', json: true });
    const { agreement, digests, files } = JSON.parse(lines[0] ?? '');
    assert.deepEqual([lines.length, agreement, files.length], [1, 'parking', 2]);
    for (const digest of Object.values(digests)) assert.match(String(digest), /^[0-9a-f]{64}$/);
    for (const { path, sha256 } of files) {
      assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), sha256);
    }
  });

  it('writes the same bytes for the same agreement', async () => {
    const [first, second] = [
      await run('src/agreements/fixtures/good', { json: true }),
      await run('src/agreements/fixtures/good', { json: true }),
    ];
    assert.deepEqual(first, second);
  });

  it('refuses an agreement with findings, a language that is none, and a folder that is a file', async () => {
    await assert.rejects(run('src/agreements/fixtures'), { code: 'AGREEMENT_NOT_LOADED' });
    await assert.rejects(run('src/agreements/fixtures/good', { language: 'de' }), { code: 'CLI_LANGUAGE_UNKNOWN' });
    const file = join(out, 'file');
    writeFileSync(file, '');
    await assert.rejects(run('src/agreements/fixtures/good', { out: file }), { code: 'CLI_FOLDER_UNWRITABLE' });
  });
});
