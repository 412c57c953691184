import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileSchemas } from '../../agreements/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { Surroundings } from '../command.ts';
import { schema } from './schema.ts';

async function run(kind: string | undefined, options: Record<string, string | boolean> = {}): Promise<string[]> {
  const lines: string[] = [];
  const around = { out: (line: string) => lines.push(line) } as unknown as Surroundings;
  assert.equal(await schema.run(around, { arguments: kind === undefined ? [] : [kind], options }), 0);
  return lines;
}

describe('commonway schema', () => {
  it('lists the kinds, and prints the schema of one', async () => {
    const kinds = fileSchemas().map(({ kind }) => kind);
    assert.deepEqual(
      (await run(undefined)).map((line) => line.split(' ')[0]),
      kinds,
    );
    const listed = JSON.parse((await run(undefined, { json: true }))[0] ?? '');
    assert.deepEqual(
      listed.schemas.map(({ kind }: { kind: string }) => kind),
      kinds,
    );
    assert.equal(JSON.parse((await run('form')).join('\n')).title, 'forms/*.yaml');
  });

  it('writes one, or all, into a folder', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'schemas-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    assert.deepEqual(await run('form', { out: folder }), [join(folder, 'form.json')]);
    assert.equal((await run(undefined, { out: folder })).length, fileSchemas().length);
    for (const file of readdirSync(folder))
      assert.equal(typeof JSON.parse(readFileSync(join(folder, file), 'utf8')), 'object');
  });

  it('says which kinds there are when it does not know one', async () => {
    await assert.rejects(run('recipe'), (error) => isFailure(error, 'CLI_SCHEMA_UNKNOWN'));
  });
});
