import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { getAgreement } from '../../agreements/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import { sampleView } from '../gallery/sample-view.ts';
import { articleTitle, groundWords } from './agreement-words.ts';

const agreement = await getAgreement(join(process.env.COMMONWAY_ROOT ?? '.', 'agreements', 'pension'));
const idOf = (source: 'law' | 'design'): string =>
  Object.entries(agreement.articles).find(([, article]) => article.source === source)?.[0] ?? '';

test('a ground that is a choice of this project is never called law', () => {
  for (const language of LANGUAGES) {
    const view = sampleView(language);
    const mark = view.say('common.explanation.design');
    const [law, design] = [idOf('law'), idOf('design')];
    assert.ok(articleTitle(view, agreement, design).includes(mark));
    assert.ok(!articleTitle(view, agreement, law).includes(mark));
    assert.ok(groundWords(view, agreement, { kind: 'law', article: design }).includes(mark));
    assert.ok(!groundWords(view, agreement, { kind: 'law', article: law }).includes(mark));
    const consent = groundWords(view, agreement, { kind: 'consent', article: 'design-consent' });
    assert.equal(consent, view.say('common.ground.consent.own'));
  }
});
