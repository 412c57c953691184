import { Failure, type Json, type PlainDate } from '../storage/index.ts';
import { decide } from './decision/decide.ts';
import { type Joined, joinDecisions } from './decision/join.ts';
import type { Decision, EvidenceFacts } from './decision/types.ts';
import { decidersOf, evidenceQuestions } from './journey/asked.ts';
import { getService, type Journey, pathOf } from './journey/journey.ts';
import type { Agreement } from './types.ts';

/** A service as it goes for an invented person: what she is asked, what registers say, who decides what. */
export interface Preview {
  journey: Journey;
  /** Each piece of evidence that her answers call for, as the mock gives it. */
  evidence: { key: string; result: EvidenceFacts['result'] | 'notGiven'; facts: Json | null }[];
  deciders: string[];
  /** By deciding state. */
  decisions: Record<string, Decision>;
  /** What they come to together, where the service joins them. */
  together?: Joined;
}

/**
 * Runs a service on canned answers and evidence. Nothing is asked, nothing is kept: a designer sees her service before any state has
 * ratified it.
 * @param claim the day on which the invented person applies
 * @throws Failure AGREEMENT_NO_MOCK
 * @example preview(agreement, 'aigerim', '2026-11-22').decisions.ru?.outcome // 'granted'
 */
export function preview(agreement: Agreement, name: string, claim: PlainDate): Preview {
  const mock = Object.hasOwn(agreement.mocks, name) ? agreement.mocks[name] : undefined;
  if (mock === undefined)
    throw new Failure('AGREEMENT_NO_MOCK', { agreement: agreement.name, mock: name.slice(0, 60) });
  const service = getService(agreement, mock.service);
  const { home, answers } = mock;
  const input = { home, claim, answers };
  const evidence = evidenceQuestions(agreement, service, input).map(({ evidence: { type }, state }) => {
    const given = mock.evidence.find((one) => one.type === type && one.state === state);
    return { key: `${type}/${state}`, result: given?.result ?? ('notGiven' as const), facts: given?.facts ?? null };
  });
  const deciders = decidersOf(agreement, service, input);
  const decisions = deciders.map((state) => {
    const dates = { claim };
    return [
      state,
      decide(agreement, { service: service.name, state, home, answers, evidence: mock.evidence, dates }),
    ] as const;
  });
  const outcomes = decisions.map(([, { outcome }]) => (outcome === 'undecided' ? undefined : outcome));
  const together = joinDecisions(service.decidedBy.join, outcomes);
  return {
    journey: pathOf(agreement, service, input),
    evidence,
    deciders,
    decisions: Object.fromEntries(decisions),
    ...(together === undefined ? {} : { together }),
  };
}
