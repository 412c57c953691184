import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIMITS } from '../limits.ts';
import { loadFiles } from '../load.ts';
import { filesOf } from '../testing.ts';

/** What refuses the good agreement with more files, as another state could send them. */
function codesWith(more: Iterable<readonly [path: string, bytes: Uint8Array]>): string[] {
  const files = filesOf('src/agreements/fixtures/good');
  for (const [path, bytes] of more) files.set(path, bytes);
  const { agreement, findings } = loadFiles(files);
  assert.equal(agreement, undefined);
  return [...new Set(findings.map(({ code }) => code))];
}

describe('files that did not come from a folder', () => {
  for (const path of [
    'notes.txt',
    '../agreement.yaml',
    'rules/../../x.yaml',
    'rules/a/b.yaml',
    '/etc/x.yaml',
    '',
    'scenarios/A.yaml',
  ]) {
    it(`are refused in the place ${JSON.stringify(path)}`, () => {
      assert.deepEqual(codesWith([[path, Buffer.from('rules: {}')]]), ['AGREEMENT_FILE_UNKNOWN']);
    });
  }

  it('are refused when one is too large, and nothing else is said of it', () => {
    assert.deepEqual(codesWith([['texts/en.yaml', Buffer.alloc(LIMITS.file + 1, 32)]]), ['AGREEMENT_FILE_TOO_LARGE']);
  });

  it('are refused when they are too many, or too much', () => {
    const many = Array.from(
      { length: LIMITS.files },
      (_, number) => [`rules/r${number}.yaml`, Buffer.from('')] as const,
    );
    assert.deepEqual(codesWith(many), ['AGREEMENT_TOO_MANY_FILES']);
    const much = Array.from(
      { length: 9 },
      (_, number) => [`rules/r${number}.yaml`, Buffer.alloc(LIMITS.file)] as const,
    );
    assert.deepEqual(codesWith(much), ['AGREEMENT_TOO_MANY_FILES']);
  });
});
