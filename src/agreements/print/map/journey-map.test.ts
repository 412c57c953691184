import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { LANGUAGES } from '../../../texts/index.ts';
import { getAgreement } from '../../load.ts';
import type { Agreement, Service } from '../../types.ts';
import { openSheet } from '../sheet.ts';
import { printJourneyMap } from './journey-map.tsx';
import { type Box, layOut } from './layout.ts';
import { wrap } from './measure.ts';
import { halvesOf, journeyOf } from './steps.ts';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();

describe('a journey map', () => {
  let all: { agreement: Agreement; service: Service }[];
  before(async () => {
    const fixtures = join('src', 'agreements', 'fixtures');
    const folders = [join('agreements', 'pension'), join(fixtures, 'good'), join(fixtures, 'wide')];
    const agreements = await Promise.all(folders.map((folder) => getAgreement(join(root, folder))));
    all = agreements.flatMap((agreement) =>
      Object.values(agreement.services).map((service) => ({ agreement, service })),
    );
  });
  const each = (check: (agreement: Agreement, service: Service, language: (typeof LANGUAGES)[number]) => void) => {
    for (const { agreement, service } of all) for (const language of LANGUAGES) check(agreement, service, language);
  };

  it('leads from the first page past every kind of evidence to the document, in the lanes of those who act', () => {
    const [pension] = all;
    assert.ok(pension);
    const { lanes, steps, repeated } = journeyOf(openSheet(pension.agreement, 'en'), pension.service);
    assert.deepEqual(
      lanes.map(({ title }) => title),
      [
        'Applicant',
        'Portal of the home state',
        'Population register',
        'Register of insured periods',
        'Pension authority',
      ],
    );
    const kinds = steps
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'page' && kind !== 'stage' && kind !== 'notice');
    assert.deepEqual(kinds, ['ask', 'evidence', 'evidence', 'send', 'send', 'outcome', 'receive']);
    const count = (wanted: string): number => steps.filter(({ kind }) => kind === wanted).length;
    assert.equal(count('page'), pension.service.form.length);
    assert.equal(
      count('stage'),
      pension.service.stages.filter(({ verb }) => verb !== 'issue' && verb !== 'notify').length,
    );
    assert.ok(count('notice') > 0 && steps.at(-1)?.kind === 'notice');
    assert.match(steps[1]?.condition ?? '', /^Only if: .*home state of the applicant/);
    assert.deepEqual(
      steps.slice(repeated?.first, (repeated?.last ?? 0) + 1).map(({ kind }) => kind),
      ['stage', 'stage', 'outcome'],
    );
  });

  it('lets no box touch another, and no word leave its box, in any language and shape', () => {
    each((agreement, service, language) => {
      const journey = journeyOf(openSheet(agreement, language), service);
      const pictures = [
        layOut(journey, 'wide'),
        layOut(journey, 'tall'),
        ...halvesOf(journey).map((half) => layOut(half, 'wide')),
      ];
      for (const { boxes, width, height } of pictures) {
        boxes.forEach((box, index) => {
          const name = `${language}: ${box.step.title}`;
          assert.ok(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height, `${name} in the picture`);
          for (const line of box.texts) {
            assert.ok(line.x > box.x && line.y > box.y && line.y < box.y + box.height, `${name}: ${line.text}`);
          }
          for (const other of boxes.slice(index + 1)) assert.ok(apart(box, other), `${name} and ${other.step.title}`);
        });
      }
    });
  });

  it('has a title, a description and its words as text, and says the same each time', () => {
    each((agreement, service, language) => {
      const { body, policy } = printJourneyMap(agreement, service, language);
      assert.deepEqual(printJourneyMap(agreement, service, language), { body, policy });
      assert.match(body, new RegExp(`^<svg xmlns="http://www.w3.org/2000/svg" xml:lang="${language}"`));
      assert.match(body, /<title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/);
      assert.doesNotMatch(body, /<script|\son\w+=|\sstyle=|href=|url\(|undefined|NaN/);
      const style = /<style>([^<]*)<\/style>/.exec(body)?.[1]?.replaceAll('&quot;', '"') ?? '';
      assert.match(policy, /^default-src 'none'; style-src 'sha256-/);
      assert.ok(policy.includes(createHash('sha256').update(style).digest('base64')));
    });
  });

  it('breaks lines between words and loses none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 40 })),
        fc.integer({ min: 20, max: 300 }),
        (words, width) => {
          const text = words.join(' ').replace(/\s+/g, ' ').trim();
          const lines = wrap(text, width, 12);
          assert.equal(lines.join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
          for (const line of lines) assert.notEqual(line.trim(), '');
        },
      ),
    );
  });
});

const apart = (one: Box, other: Box): boolean =>
  one.x + one.width <= other.x ||
  other.x + other.width <= one.x ||
  one.y + one.height <= other.y ||
  other.y + other.height <= one.y;
