import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../crypto/index.ts';
import { collectFindings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { FindingCode } from '../types.ts';
import { nestingOf } from './nesting.ts';
import { readYaml } from './yaml.ts';

function read(text: string | Uint8Array) {
  const findings = collectFindings();
  const source = readYaml('x.yaml', typeof text === 'string' ? Buffer.from(text) : text, findings);
  return { source, codes: [...new Set(findings.list().map(({ code }) => code))] };
}

describe('reading YAML', () => {
  it('keeps dates, yes and no as the texts that they are', () => {
    const { source } = read('day: 2021-01-01\nanswer: no\nnumber: 12\nnothing:\n');
    assert.deepEqual(source?.value, { day: '2021-01-01', answer: 'no', number: 12, nothing: null });
  });

  it('finds the place of keys, values, and characters inside texts', () => {
    const { source } = read("a:\n  b: 'x + y'\n  c: |\n    one\n    two\n  d: [p, q]\n");
    assert.deepEqual(source?.at(['a', 'b']), { file: 'x.yaml', line: 2, column: 6 });
    assert.deepEqual(source?.at(['a', 'b'], true), { file: 'x.yaml', line: 2, column: 3 });
    assert.deepEqual(source?.inside(['a', 'b'], 1, 5), { file: 'x.yaml', line: 2, column: 11 });
    assert.deepEqual(source?.inside(['a', 'c'], 2, 3), { file: 'x.yaml', line: 5, column: 7 });
    assert.deepEqual(source?.at(['a', 'd', 1]), { file: 'x.yaml', line: 6, column: 10 });
    assert.deepEqual(source?.at(['a', 'nowhere', 'deeper']), { file: 'x.yaml', line: 1, column: 1 });
  });

  const refused: Record<string, [code: FindingCode, text: string | Uint8Array]> = {
    'a billion laughs': ['AGREEMENT_YAML_ALIAS', 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n'],
    'an alias that holds itself': ['AGREEMENT_YAML_ALIAS', 'a: &a [*a]\n'],
    'an anchor on a key': ['AGREEMENT_YAML_KEY', '&k a: 1\n'],
    'a merge of another map': ['AGREEMENT_YAML_ALIAS', 'a: &a {b: 1}\nc:\n  <<: *a\n'],
    'a tag': ['AGREEMENT_YAML_TAG', 'a: !!js/function "function () {}"\n'],
    'brackets without end': ['AGREEMENT_YAML_DEPTH', '['.repeat(200_000)],
    'dashes without end': ['AGREEMENT_YAML_DEPTH', '- '.repeat(100_000)],
    'indentation without end': [
      'AGREEMENT_YAML_DEPTH',
      Array.from({ length: 60 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ],
    'a number without end': ['AGREEMENT_WRONG_VALUE', 'a: 1e999\n'],
    'not a number': ['AGREEMENT_WRONG_VALUE', 'a: .nan\n'],
    'a key that is a list': ['AGREEMENT_YAML_KEY', '? [a, b]\n: 1\n'],
    'a key that reaches the prototype': ['AGREEMENT_YAML_KEY', '__proto__: {a: 1}\n'],
    'two documents': ['AGREEMENT_YAML_SYNTAX', 'a: 1\n---\nb: 2\n'],
    'a text that turns direction': ['AGREEMENT_CONTROL_CHARACTER', 'a: x\u202ey\n'],
    'an invisible space': ['AGREEMENT_CONTROL_CHARACTER', 'a: x\u200by\n'],
    'a bell': ['AGREEMENT_CONTROL_CHARACTER', 'a: x\u0007y\n'],
    'bytes that are no text': ['AGREEMENT_ENCODING', new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe])],
  };
  for (const [name, [code, text]] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      const { source, codes } = read(text);
      assert.equal(source, undefined);
      assert.ok(codes.includes(code), codes.join());
    });
  }

  it('ends with many keys, and with noise', () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n');
    assert.equal(Object.keys(read(keys).source?.value as object).length, 10_000);
    assert.equal(read(': : :\n'.repeat(5_000)).source, undefined);
  });

  it('gives back any JSON that is written as YAML, or refuses it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const { source } = read(JSON.stringify(value));
        if (source !== undefined)
          assert.equal(canonicalJson(source.value), canonicalJson(JSON.parse(JSON.stringify(value))));
      }),
      { numRuns: 200 },
    );
  });

  it('bounds nesting from above', () => {
    assert.equal(nestingOf('a: [[1]]') >= 3, true);
    assert.equal(nestingOf("text: 'a [ in quotes [[['\n") < LIMITS.depth, true);
    assert.equal(nestingOf('# [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n') < LIMITS.depth, true);
  });
});
