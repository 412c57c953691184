import { BOOLEAN, listOf, oneOf, STRING } from '../../feel/index.ts';
import type { Draft, Read } from '../read/draft.ts';
import { expressionAt } from '../read/expressions.ts';
import type { ServiceFile } from '../read/kinds/contract.ts';
import type { Service } from '../types.ts';
import { buildCarries } from './notices.ts';
import type { BuiltRules } from './rules.ts';
import type { World } from './world.ts';

/** The stages that ask officers of other authorities: built after the rules, whose values they show. Finding: AGREEMENT_STAGE_SHAPE. */
export function buildOpinions(draft: Draft, world: World, services: Record<string, Service>, rules: BuiltRules): void {
  for (const read of draft.services.items.values()) {
    const { raw } = read;
    checkOpinions(draft, read);
    raw.stages.forEach(({ requests }, index) => {
      if (requests === undefined) return;
      const types = { ...rules.types, articles: listOf(STRING) };
      const path = ['stages', index, 'requests', 'carries'];
      const carries = buildCarries(draft, world, read, requests.carries, path, types);
      const at = ['stages', index, 'requests', 'when'];
      const when =
        requests.when === undefined || !world.whole
          ? undefined
          : expressionAt(
              read.source,
              at,
              requests.when,
              { types: { ...types, asked: oneOf(...world.parties) }, expect: BOOLEAN },
              draft.findings,
            );
      const built = services[raw.service]?.stages[index];
      if (built !== undefined && world.whole) {
        built.requests = { evidence: requests.evidence, ...(when === undefined ? {} : { when }), carries };
      }
    });
  }
}

/** Each opinion of the service is asked for once, by the platform, after the rules have looked and before officers confirm. */
function checkOpinions(draft: Draft, { raw, source }: Read<ServiceFile>): void {
  const isOpinion = (type: string): boolean => {
    const code = draft.evidence.items.get(type)?.raw.transaction ?? '';
    return draft.contract?.raw.transactions[code]?.operation === 'giveOpinion';
  };
  const wrong = (name: string, reason: string, at: number | undefined): void =>
    draft.findings.add(
      'AGREEMENT_STAGE_SHAPE',
      { name, reason },
      source.at(at === undefined ? ['stages'] : ['stages', at]),
    );
  const decides = raw.stages.findIndex(({ verb }) => verb === 'decide');
  const confirms = raw.stages.findIndex(({ verb }) => verb === 'confirm');
  const asked = new Set<string>();
  raw.stages.forEach(({ name, verb, by, requests }, index) => {
    if ((verb === 'request') !== (requests !== undefined)) {
      wrong(name, verb === 'request' ? 'it does not say what it requests' : `${verb} requests nothing`, index);
    }
    if (requests === undefined) return;
    const { evidence } = requests;
    if (!isOpinion(evidence) || !raw.evidence.includes(evidence))
      wrong(name, `${evidence} is no opinion of the service`, index);
    if (asked.has(evidence)) wrong(name, `${evidence} is asked for twice`, index);
    asked.add(evidence);
    if (by !== 'system') wrong(name, 'the platform asks, as soon as the case is open', index);
    if (index < decides || decides < 0) wrong(name, 'the rules have not looked before it', index);
    if (confirms >= 0 && index > confirms) wrong(name, 'officers have confirmed before it', index);
  });
  for (const type of raw.evidence) {
    if (isOpinion(type) && !asked.has(type)) wrong(type, 'no stage asks for this opinion', undefined);
  }
}
