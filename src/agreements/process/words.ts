import type { Agreement, EvidenceType, Service, Stage, TransactionType } from '../types.ts';
import type { ProcessState } from './model.ts';

/** What happens in a process, in sentences. */
export type ProcessWords = ReturnType<typeof processWords>;

/** The sentences of one service, with the names that its agreement gives to roles, evidence and stages. */
export function processWords(agreement: Agreement, service: Service) {
  const text = (id: string): string => agreement.text('en', id);
  const role = (name: string): string => `"${text(agreement.roles[name]?.title ?? name)}" (${name})`;
  const evidence = (type: EvidenceType): string => `"${text(type.title)}"`;
  const stage = (one: Stage): string => `the stage ${one.name} ("${text(one.title)}")`;
  const who = (one: Stage): string => (one.by === 'officer' ? 'an officer' : 'the system');
  return {
    role,
    stage,
    service: `"${text(service.title)}"`,
    asks: ({ code, from, to }: TransactionType, type: EvidenceType) =>
      `${role(from)} asks ${role(to)} for ${evidence(type)}, by ${code}.`,
    answers: ({ to }: TransactionType, type: EvidenceType) =>
      `${role(to)} answers with ${evidence(type)}, or that there is none.`,
    late: ({ code, timers }: TransactionType) => `${timers.respond} pass without an answer to ${code}.`,
    waives: (type: EvidenceType) => `The citizen goes on without ${evidence(type)}.`,
    sends: ({ code, from, to }: TransactionType) =>
      `The citizen applies for "${text(service.title)}": ${role(from)} sends the claim to ${role(to)}, by ${code}.`,
    opens: ({ to }: TransactionType, first: Stage | undefined) =>
      `${role(to)} opens a case${first === undefined ? '' : ` in ${stage(first)}`}.`,
    works: (one: Stage) => `In ${stage(one)} ${who(one)} does the work of "${one.verb}".`,
    isAnswered: (one: Stage) => `In ${stage(one)} the citizen is asked, and answers.`,
    isNotAnswered: (one: Stage) =>
      `In ${stage(one)} the citizen is asked, does not answer, and the case goes on without.`,
    proposes: (one: Stage, outcome: ProcessState['outcome']) => `In ${stage(one)} the rules say "${outcome}".`,
    confirms: (one: Stage, number: number, count: number) =>
      `In ${stage(one)} an officer confirms (${number} of ${count}).`,
    completes: () => 'The case is sent back, and the evidence is completed.',
    issues: (one: Stage, document: string, outcome: ProcessState['outcome']) =>
      outcome === 'refused'
        ? `In ${stage(one)} nothing is issued: it is refused.`
        : `In ${stage(one)} the document ${document} is issued.`,
    notifies: (one: Stage) => `In ${stage(one)} the citizen is told.`,
    silence: (time: string, outcome: string) => `${time} pass without a decision: by silence it is "${outcome}".`,
    closes: (outcome: ProcessState['outcome']) =>
      outcome === 'none' ? 'The case closes without any decision.' : `The case closes: "${outcome}".`,
  };
}
