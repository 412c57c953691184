import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Surroundings } from '../command.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { dmnExport } from './dmn-export.ts';
import { dmnImport } from './dmn-import.ts';

const root = process.env.COMMONWAY_ROOT ?? '';

/** What a command prints. */
async function printed(command: typeof dmnImport, argument: string, options = {}): Promise<string> {
  const lines: string[] = [];
  const around = { out: (line: string) => lines.push(line) } as unknown as Surroundings;
  assert.equal(await command.run(around, { arguments: [argument], options }), 0);
  return lines.join('\n');
}

describe('commonway dmn', () => {
  test('imports the file that it has exported', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'commonway-dmn-'));
    try {
      const file = join(folder, 'pension.dmn');
      writeFileSync(file, await printed(dmnExport, join(root, 'agreements', 'pension'), { state: 'kg' }));
      assert.match(await printed(dmnImport, file), /^rules:\n(?: {2}.*\n)* {2}retirementAge:$/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('says what is wrong with its input, with a number for scripts', async () => {
    const cases: readonly (readonly [typeof dmnImport, string, object, string, number])[] = [
      [dmnImport, join(root, 'nowhere.dmn'), {}, 'CLI_FILE_MISSING', 66],
      [dmnImport, root, {}, 'CLI_FILE_MISSING', 66],
      [dmnImport, join(root, 'package.json'), {}, 'DMN_XML', 65],
      [dmnExport, join(root, 'docs'), {}, 'AGREEMENT_NOT_LOADED', 65],
      [dmnExport, join(root, 'agreements', 'pension'), { state: 'zz' }, 'AGREEMENT_NO_STATE', 64],
    ];
    for (const [command, argument, options, code, exit] of cases) {
      await assert.rejects(() => printed(command, argument, options), { code }, code);
      assert.equal(exitCodeOf(code), exit);
    }
  });
});
