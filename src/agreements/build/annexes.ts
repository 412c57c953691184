import { digestOf } from '../../crypto/index.ts';
import { type Draft, has } from '../read/draft.ts';
import { demand } from '../read/expressions.ts';
import type { Annex, Confirmations, Rule } from '../types.ts';
import { checkConfirmations, confirmationsOf } from './confirmations.ts';
import { demandSameName } from './contract.ts';
import { checkWorkingDays } from './services.ts';

/** The annexes: one a party, every role bound, confirmations of stages that exist. */
export function buildAnnexes(draft: Draft, national: Record<string, Annex['rules']>): Record<string, Annex> {
  const { contract, findings } = draft;
  const parties = contract?.raw.parties ?? [];
  for (const [index, state] of parties.entries()) {
    if (!has(draft.annexes, state)) {
      findings.add('AGREEMENT_ANNEX_MISSING', { state }, contract?.source.at(['parties', index]) ?? nowhere);
    }
  }
  const built: Record<string, Annex> = {};
  for (const [state, { raw, source }] of draft.annexes.items) {
    demandSameName(draft, state, raw.annex, source, 'annex');
    if (contract !== undefined) {
      demand(parties.includes(state), 'AGREEMENT_STATE_UNKNOWN', state, source, ['annex'], findings);
      for (const name of Object.keys(contract.raw.roles)) {
        if (!Object.hasOwn(raw.roles, name)) {
          findings.add('AGREEMENT_ROLE_UNBOUND', { name, state }, source.at(['roles'], true));
        }
      }
      for (const [name, agency] of Object.entries(raw.roles)) {
        demand(
          Object.hasOwn(contract.raw.roles, name),
          'AGREEMENT_ROLE_UNKNOWN',
          name,
          source,
          ['roles', name],
          findings,
        );
        if (!agency.startsWith(`${state}.`)) {
          findings.add(
            'AGREEMENT_WRONG_VALUE',
            { reason: `an agency of ${state} is wanted` },
            source.at(['roles', name]),
          );
        }
      }
    }
    const confirmations: Record<string, Record<string, Confirmations>> = {};
    for (const [service, stages] of Object.entries(raw.confirmations ?? {})) {
      const path = ['confirmations', service];
      if (!demand(has(draft.services, service), 'AGREEMENT_SERVICE_UNKNOWN', service, source, path, findings)) continue;
      const known = draft.services.items.get(service)?.raw.stages;
      const own: Record<string, Confirmations> = {};
      for (const [name, written] of Object.entries(stages)) {
        const stage = known?.find((one) => one.name === name);
        if (known === undefined) continue;
        if (!demand(stage !== undefined, 'AGREEMENT_STAGE_UNKNOWN', name, source, [...path, name], findings)) continue;
        const names = known.map((one) => one.name);
        checkConfirmations(draft, stage?.verb ?? 'confirm', written, names, source, [...path, name]);
        own[name] = confirmationsOf(written);
      }
      confirmations[service] = own;
    }
    for (const [service, written] of Object.entries(raw.deadlines ?? {})) {
      const path = ['deadlines', service];
      demand(has(draft.services, service), 'AGREEMENT_SERVICE_UNKNOWN', service, source, path, findings);
      checkWorkingDays(draft, written, source, path);
    }
    const digest = digestOf({ [source.file]: draft.values.get(source.file) ?? null });
    const { roles, deadlines = {}, holidays = [] } = raw;
    built[state] = { state, digest, roles, rules: national[state] ?? {}, confirmations, deadlines, holidays };
  }
  return built;
}

const nowhere = { file: 'agreement.yaml', line: 1, column: 1 };

/** The versions of a rule as a state has them. */
export function versionsIn(rule: Rule, annex: Annex | undefined): Rule['versions'] {
  return rule.national ? (annex?.rules[rule.name]?.versions ?? []) : rule.versions;
}
