import type { Json } from '../../storage/index.ts';
import type { EvidenceFacts } from '../decision/types.ts';
import { factsProblem } from '../facts.ts';
import { type Draft, has } from '../read/draft.ts';
import { demand } from '../read/expressions.ts';
import type { GivenShape, ScenariosFile } from '../read/kinds/scenarios.ts';
import type { Source } from '../read/yaml.ts';
import type { Scenario } from '../scenarios/types.ts';
import type { EvidenceType, Position } from '../types.ts';

const RESULTS = ['none', 'ambiguous', 'unproven', 'waived', 'unanswered'] as const;

/** The scenarios, each with the defaults of its file filled in and its facts held against their schemas. */
export function buildScenarios(draft: Draft, evidence: Record<string, EvidenceType>): Scenario[] {
  const built: Scenario[] = [];
  for (const [file, { raw, source }] of draft.scenarios.items) {
    for (const [name, written] of Object.entries(raw.scenarios)) {
      const scenario = buildOne(draft, evidence, file, name, raw.defaults, written, source);
      if (scenario !== undefined) built.push(scenario);
    }
  }
  return built;
}

function buildOne(
  draft: Draft,
  evidence: Record<string, EvidenceType>,
  file: string,
  name: string,
  defaults: ScenariosFile['defaults'],
  written: ScenariosFile['scenarios'][string],
  source: Source,
): Scenario | undefined {
  const { findings } = draft;
  const path = ['scenarios', name];
  const missing = (key: string): undefined =>
    findings.add('AGREEMENT_MISSING_KEY', { key }, source.at(path)) as undefined;
  const service = written.service ?? defaults?.service;
  const given: GivenShape = { ...defaults?.given, ...written.given };
  if (service === undefined) return missing('service');
  if (given.home === undefined) return missing('home');
  if (given.claim === undefined) return missing('claim');
  if (!demand(has(draft.services, service), 'AGREEMENT_SERVICE_UNKNOWN', service, source, path, findings))
    return undefined;
  for (const state of Object.keys(written.expect.decisions ?? {})) {
    const known = draft.contract?.raw.parties.includes(state) ?? true;
    demand(known, 'AGREEMENT_STATE_UNKNOWN', state, source, [...path, 'expect', 'decisions', state], findings);
  }

  const all = { ...defaults?.given?.evidence, ...written.given.evidence };
  const facts = givenFacts(draft, evidence, all, (key) => {
    const own = written.given.evidence?.[key] !== undefined;
    return source.at(own ? [...path, 'given', 'evidence', key] : ['defaults', 'given', 'evidence', key]);
  });
  return {
    name: `${file}/${name}`,
    service,
    at: source.at(path, true),
    given: {
      home: given.home,
      claim: given.claim,
      ...(given.decision === undefined ? {} : { decision: given.decision }),
      ...(given.lot === undefined ? {} : { lot: given.lot }),
      answers: { ...defaults?.given?.answers, ...written.given.answers },
      evidence: facts,
    },
    expect: written.expect,
  };
}

/**
 * Evidence as written by hand, `type/state` -> facts or one word, each held against its schema.
 * Findings: AGREEMENT_EVIDENCE_UNKNOWN, AGREEMENT_SCENARIO_FACTS.
 */
export function givenFacts(
  draft: Draft,
  evidence: Readonly<Record<string, EvidenceType>>,
  written: Readonly<Record<string, Json>>,
  at: (key: string) => Position,
): EvidenceFacts[] {
  return Object.entries(written).map(([key, value]) => {
    const [type = '', state = ''] = key.split('/');
    if (!has(draft.evidence, type)) draft.findings.add('AGREEMENT_EVIDENCE_UNKNOWN', { name: type }, at(key));
    const result = RESULTS.find((word) => word === value);
    const known = evidence[type];
    const problem = result !== undefined || known === undefined ? undefined : factsProblem(known, value);
    if (problem !== undefined) {
      const reason = `${problem.path} (${problem.reason})`;
      draft.findings.add('AGREEMENT_SCENARIO_FACTS', { name: key, reason }, at(key));
    }
    return { type, state, result: result ?? 'found', facts: result === undefined ? value : null };
  });
}
