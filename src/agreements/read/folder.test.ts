import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { collectFindings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import { loadAgreement } from '../load.ts';
import { readFolder } from './folder.ts';

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'agreement-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function read(path: string) {
  const findings = collectFindings();
  const { files } = readFolder(path, findings);
  return { files: [...files.keys()], found: findings.list().map(({ code, file }) => `${code} ${file}`) };
}

describe('the folder of an agreement', () => {
  it('says that it cannot be read', async (t) => {
    const { findings } = await loadAgreement(join(folder(t), 'nowhere'));
    assert.ok(findings.some(({ code }) => code === 'AGREEMENT_FOLDER_UNREADABLE'));
  });

  it('never follows a link out of the folder', (t) => {
    const place = folder(t);
    symlinkSync('/etc/passwd', join(place, 'agreement.yaml'));
    symlinkSync('/etc', join(place, 'texts'));
    const { files, found } = read(place);
    assert.deepEqual(files, []);
    assert.deepEqual(found, ['AGREEMENT_FILE_KIND agreement.yaml', 'AGREEMENT_FILE_KIND texts']);
  });

  it('refuses files and folders that have no place', (t) => {
    const place = folder(t);
    mkdirSync(join(place, 'scripts'));
    mkdirSync(join(place, 'rules'));
    writeFileSync(join(place, 'rules', 'run.js'), 'process.exit()');
    writeFileSync(join(place, 'rules', 'Months.yaml'), 'rules: {}');
    writeFileSync(join(place, 'README.md'), '');
    const { files, found } = read(place);
    assert.deepEqual(files, []);
    assert.deepEqual(found, [
      'AGREEMENT_FILE_UNKNOWN README.md',
      'AGREEMENT_FILE_UNKNOWN rules/Months.yaml',
      'AGREEMENT_FILE_UNKNOWN rules/run.js',
      'AGREEMENT_FILE_UNKNOWN scripts',
    ]);
  });

  it('does not read a file that is too large', (t) => {
    const place = folder(t);
    writeFileSync(join(place, 'agreement.yaml'), Buffer.alloc(LIMITS.file + 1, 32));
    assert.deepEqual(read(place), { files: [], found: ['AGREEMENT_FILE_TOO_LARGE agreement.yaml'] });
  });

  it('stops at too many files', (t) => {
    const place = folder(t);
    mkdirSync(join(place, 'rules'));
    for (let number = 0; number <= LIMITS.files; number++) {
      writeFileSync(join(place, 'rules', `r${String(number).padStart(4, '0')}.yaml`), '');
    }
    const { files, found } = read(place);
    assert.equal(files.length, LIMITS.files);
    assert.deepEqual(found, [`AGREEMENT_TOO_MANY_FILES rules/r0${LIMITS.files}.yaml`]);
  });
});
