import type { Budget } from '../budget.ts';
import { combinations, conditionFields, domainOf } from '../check/forms.ts';
import type { Findings } from '../findings.ts';
import { decidersFor, questionsFor } from '../journey/asked.ts';
import { pathOf } from '../journey/journey.ts';
import { LIMITS } from '../limits.ts';
import type { Agreement, Service } from '../types.ts';
import type { Places } from './places.ts';
import { told } from './story.ts';

/**
 * Walks the form with every combination of the answers that decide whom the evidence is asked of and who decides: on each complete way
 * the consent is asked before the evidence that rests on it, and somebody decides. Answers that cannot be counted are not walked.
 * Findings: AGREEMENT_CONSENT_NOT_ASKED, AGREEMENT_NOBODY_DECIDES
 */
export function checkWays(
  agreement: Agreement,
  service: Service,
  places: Places,
  findings: Findings,
  budget: Budget,
): void {
  const looked = conditionFields(service, [
    service.decidedBy.forEach,
    ...service.evidence.flatMap((name) => agreement.evidence[name]?.from ?? []),
  ]);
  const domains = [...looked].map((name) => domainOf(agreement, service.fields[name]));
  const known = domains.filter((domain) => domain !== undefined);
  if (known.length < domains.length) return;
  if (known.reduce((count, domain) => count * domain.length, 1) > LIMITS.combinations) return;
  const said = new Set<string>();
  const say = (key: string, report: () => void): void => {
    if (!said.has(key)) report();
    said.add(key);
  };
  for (const answers of combinations([...looked], known)) {
    for (const home of agreement.parties) {
      const journey = pathOf(agreement, service, { home, claim: agreement.inForce, answers }, budget);
      if (budget.left < 0) return;
      if ([...looked].some((name) => journey.errors[name] !== undefined)) continue;
      const asked = new Set(journey.pages.flatMap(({ fields }) => fields.map(({ field }) => field.name)));
      const story = [
        `A citizen of ${home} answers ${JSON.stringify(journey.answers)}.`,
        `She is led over the pages ${journey.pages.map(({ name }) => name).join(', ')}.`,
      ];
      for (const { evidence, state } of questionsFor(agreement, service, home, journey.answers, budget)) {
        const consent = evidence.ground.kind === 'consent' ? evidence.ground.field : undefined;
        if (consent === undefined || asked.has(consent)) continue;
        say(evidence.type, () => {
          const end = `${evidence.type} is to be asked of ${state}, but no page has asked for ${consent}: it never can be.`;
          const at = places.evidence(service.evidence.indexOf(evidence.type));
          const params = { type: evidence.type, field: consent };
          findings.add('AGREEMENT_CONSENT_NOT_ASKED', params, at, undefined, told(story, end));
        });
      }
      if (decidersFor(service, home, journey.answers, budget).length > 0 || budget.left < 0) continue;
      say('', () => {
        const end = 'She sends her application, and no authority is named to decide on it.';
        findings.add(
          'AGREEMENT_NOBODY_DECIDES',
          { service: service.name },
          places.decidedBy,
          undefined,
          told(story, end),
        );
      });
    }
  }
}
