import type { Findings } from '../findings.ts';
import type { Agreement, Expression, Service } from '../types.ts';

/**
 * What a service uses, it has: whom its evidence is asked of is said by its own answers, and its document by its own answers, evidence
 * and rules. Names of another service would always be null here.
 * Findings: AGREEMENT_FACT_NOT_ASKED, AGREEMENT_FACT_NOT_FETCHED, AGREEMENT_RULE_NOT_LISTED
 */
export function checkUses(agreement: Agreement, service: Service, findings: Findings): void {
  const fields = new Set(Object.values(agreement.services).flatMap((one) => Object.keys(one.fields)));
  const evidence = new Map(Object.values(agreement.evidence).map(({ as, type }) => [as, type]));
  const demandOwn = ({ compiled, at }: Expression): void => {
    for (const name of new Set(compiled.dependencies.map((path) => path.split('.')[0] ?? path))) {
      const type = evidence.get(name);
      if (fields.has(name)) {
        if (service.fields[name] === undefined) findings.add('AGREEMENT_FACT_NOT_ASKED', { name }, at);
      } else if (type !== undefined) {
        if (!service.evidence.includes(type)) findings.add('AGREEMENT_FACT_NOT_FETCHED', { name: type }, at);
      } else if (agreement.rules[name] !== undefined && !service.decision.rules.includes(name)) {
        findings.add('AGREEMENT_RULE_NOT_LISTED', { name }, at);
      }
    }
  };
  for (const name of service.evidence) {
    const type = agreement.evidence[name];
    if (type !== undefined) demandOwn(type.from);
  }
  const document = agreement.documents[service.document ?? ''];
  for (const claim of Object.values(document?.claims ?? {})) demandOwn(claim);
}
