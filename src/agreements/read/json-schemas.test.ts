import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { collectFindings } from '../findings.ts';
import { edit, filesOf, inCheckout } from '../testing.ts';
import { readDraft } from './draft.ts';
import { FOLDERS } from './folder.ts';
import { fileSchemas } from './json-schemas.ts';

const ajv = new Ajv2020({ allErrors: true, strict: false });
(addFormats as unknown as (to: Ajv2020) => void)(ajv);

const validators = fileSchemas().map(({ files, schema }) => ({
  pattern: new RegExp(`^${files.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`),
  validate: ajv.compile(schema),
}));

/** What an independent validator says of a file, as YAML 1.2 reads it. */
function isValid(path: string, bytes: Uint8Array): boolean {
  const validator = validators.find(({ pattern }) => pattern.test(path));
  assert.ok(validator !== undefined, `no schema is for ${path}`);
  return validator.validate(parse(Buffer.from(bytes).toString('utf8')));
}

const shipped = readdirSync(inCheckout('agreements')).filter((name) =>
  existsSync(inCheckout('agreements', name, 'agreement.yaml')),
);

describe('the JSON Schemas of the files', () => {
  for (const folder of [...shipped.map((name) => join('agreements', name)), 'src/agreements/fixtures/good']) {
    it(`take every file of ${folder}`, () => {
      for (const [path, bytes] of filesOf(folder)) assert.ok(isValid(path, bytes), path);
    });
  }

  it('are valid JSON Schema 2020-12, each with an id of its own', () => {
    const ids = fileSchemas().map(({ schema }) => schema.$id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { schema } of fileSchemas()) assert.equal(ajv.validateSchema(schema), true);
  });

  it('are there for every folder of an agreement', () => {
    const patterns = fileSchemas().map(({ files }) => files.split('/')[0]);
    for (const folder of FOLDERS) assert.ok(patterns.includes(folder), folder);
  });

  it('refuse exactly what the reader refuses for its shape', () => {
    interface Broken {
      code: string;
      change: { file: string; replace?: string; with?: string; add?: string }[];
    }
    const shapes = ['AGREEMENT_UNKNOWN_KEY', 'AGREEMENT_MISSING_KEY', 'AGREEMENT_WRONG_TYPE', 'AGREEMENT_WRONG_VALUE'];
    const broken = parse(readFileSync(inCheckout('src/agreements/fixtures/broken.yaml'), 'utf8')) as Broken[];
    let refused = 0;
    for (const { code, change } of broken) {
      const files = filesOf('src/agreements/fixtures/good');
      for (const { file, replace, with: put = '', add } of change) {
        if (add !== undefined) files.set(file, Buffer.from(add));
        else if (replace !== undefined) edit(files, file, replace, put);
      }
      const findings = collectFindings();
      readDraft(files, findings);
      const found = findings.list();
      // What is no YAML has no shape.
      if (found.some((one) => !shapes.includes(one.code))) continue;
      for (const [path, bytes] of files) {
        if (!validators.some(({ pattern }) => pattern.test(path))) continue;
        const wrong = found.some(({ file }) => file === path);
        assert.equal(isValid(path, bytes), !wrong, `${code}: ${path}`);
        if (wrong) refused += 1;
      }
    }
    assert.ok(refused >= 6, `${refused} files were refused`);
  });

  it('may be named in the first line, as editors want it', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(
      files,
      'forms/permit.yaml',
      'form: permit',
      '# yaml-language-server: $schema=/schemas/form.json\nform: permit',
    );
    const findings = collectFindings();
    readDraft(files, findings);
    assert.deepEqual(findings.list(), []);
  });
});
