import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { render } from 'preact-render-to-string';
import { type EvidenceType, getAgreement } from '../../agreements/index.ts';
import { sampleView } from '../gallery/sample-view.ts';
import { Facts } from './facts.tsx';

const example = join(process.env.COMMONWAY_ROOT ?? '.', 'examples', 'parking-permit', 'agreements', 'parking-permit');
const agreement = await getAgreement(example);
const type = agreement.evidence['parking-residence'] as EvidenceType;
const facts = { street: 'abay', house: 12, since: '2019-05-04' };

test('a fact that can be one of a few values reads by the words of its agreement, in the reader’s language', () => {
  const shown = (language: 'en' | 'kk') =>
    render(<Facts view={sampleView(language)} {...{ agreement, type, facts }} state="kz" />);
  assert.match(shown('en'), /Abay street/);
  assert.match(shown('kk'), /Абай көшесі/);
  assert.doesNotMatch(shown('en'), />abay</);
});

test('a value without a word is shown as it is', () => {
  const bare = { ...type, words: {} };
  const page = render(<Facts view={sampleView('en')} {...{ agreement, facts }} type={bare} state="kz" />);
  assert.match(page, />abay</);
});
