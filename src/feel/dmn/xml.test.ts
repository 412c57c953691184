import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '../../storage/index.ts';
import { readModel, readXml } from '../index.ts';

describe('an XML file', () => {
  test('is read with its places, its CDATA, and without its prefixes', () => {
    const root = readXml('<a:one xmlns:a="urn:x">\n  <a:two b="1&lt;2"><![CDATA[x < y]]></a:two>\n</a:one>');
    const [two] = root.children;
    assert.deepEqual(
      [root.name, two?.name, two?.attributes.b, two?.text, two?.line, two?.column],
      ['one', 'two', '1<2', 'x < y', 2, 3],
    );
  });

  test('that defines entities is refused, be they bombs or files of the machine', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>';
    const outside = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>';
    for (const source of [bomb, outside]) assert.throws(() => readXml(source), { code: 'DMN_XML' });
  });

  test('that is not whole, nested a thousand deep or too long is refused', () => {
    for (const source of ['', 'text', '<a>', '<a></b>', '<a b=1/>', `${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}`]) {
      assert.throws(() => readXml(source), { code: 'DMN_XML' }, source.slice(0, 20));
    }
    assert.throws(() => readXml(' '.repeat(10_000_001)), { code: 'DMN_FILE_TOO_LARGE' });
    assert.throws(() => readModel('<svg/>'), { code: 'DMN_NOT_A_MODEL' });
  });

  test('whatever it holds, is read or refused with a code, and attributes named __proto__ are attributes', () => {
    assert.deepEqual(Object.entries(readXml('<a __proto__="x"/>').attributes), [['__proto__', 'x']]);
    const pieces = fc.constantFrom(
      '<a>',
      '</a>',
      '<definitions',
      ' x="',
      '"',
      '>',
      '&',
      '&#0;',
      '<![CDATA[',
      ']]>',
      '<!--',
      'é',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }), (parts) => {
        try {
          readModel(parts.join(''));
        } catch (error) {
          assert(error instanceof Failure, String(error));
        }
      }),
    );
  });
});
