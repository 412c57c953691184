import { type Draft, has } from '../read/draft.ts';
import { demand } from '../read/expressions.ts';
import type { EvidenceType, Mock, Service } from '../types.ts';
import { demandSameName } from './contract.ts';
import { givenFacts } from './scenarios.ts';
import { useText } from './texts.ts';

/**
 * The mocks, each piece of evidence held against its schema. Whether a mock answers the whole form is seen when the agreement stands:
 * `check/mocks.ts`. Findings: AGREEMENT_SERVICE_UNKNOWN, AGREEMENT_STATE_UNKNOWN, AGREEMENT_FIELD_UNKNOWN, those of `givenFacts`.
 */
export function buildMocks(
  draft: Draft,
  services: Readonly<Record<string, Service>>,
  evidence: Readonly<Record<string, EvidenceType>>,
): Record<string, Mock> {
  const built: Record<string, Mock> = {};
  const { findings } = draft;
  for (const [file, { raw, source }] of draft.mocks.items) {
    demandSameName(draft, file, raw.mock, source, 'mock');
    const title = useText(draft, raw.title, source.at(['title']));
    demand(has(draft.services, raw.service), 'AGREEMENT_SERVICE_UNKNOWN', raw.service, source, ['service'], findings);
    const parties = draft.contract?.raw.parties;
    demand(parties?.includes(raw.home) ?? true, 'AGREEMENT_STATE_UNKNOWN', raw.home, source, ['home'], findings);
    const fields = services[raw.service]?.fields;
    for (const name of Object.keys(raw.answers)) {
      const known = fields === undefined || Object.hasOwn(fields, name);
      demand(known, 'AGREEMENT_FIELD_UNKNOWN', name, source, ['answers', name], findings);
    }
    const facts = givenFacts(draft, evidence, raw.evidence, (key) => source.at(['evidence', key]));
    built[raw.mock] = {
      name: raw.mock,
      service: raw.service,
      title,
      home: raw.home,
      answers: raw.answers,
      evidence: facts,
    };
  }
  return built;
}
