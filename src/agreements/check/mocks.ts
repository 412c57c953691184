import { preview } from '../preview.ts';
import type { Draft } from '../read/draft.ts';
import type { Agreement } from '../types.ts';

/** A mock shows a whole service: its answers are right and complete, nothing it asks for is left out. Finding: AGREEMENT_MOCK. */
export function checkMocks(draft: Draft, agreement: Agreement): void {
  for (const [file, { source }] of draft.mocks.items) {
    const mock = agreement.mocks[file];
    if (mock === undefined) continue;
    const { journey, evidence, deciders } = preview(agreement, mock.name, agreement.inForce);
    const wrong = (reason: string, ...at: string[]): void =>
      draft.findings.add('AGREEMENT_MOCK', { name: mock.name, reason }, source.at(at));
    for (const [name, { code }] of Object.entries(journey.errors)) wrong(`${name} is ${code}`, 'answers');
    if (deciders.length === 0) wrong('nobody decides', 'answers');
    const asked = new Set(evidence.map(({ key }) => key));
    for (const { key, result } of evidence)
      if (result === 'notGiven') wrong(`${key} is asked and not given`, 'evidence');
    for (const { type, state } of mock.evidence) {
      const key = `${type}/${state}`;
      if (!asked.has(key)) wrong(`${key} is given and not asked`, 'evidence', key);
    }
  }
}
