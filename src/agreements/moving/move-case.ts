import { digestOf } from '../../crypto/index.ts';
import type { PlainDate } from '../../storage/index.ts';
import { type Change, classifyChanges } from '../changes/classify.ts';
import type { Answers } from '../decision/types.ts';
import { decidersOf, evidenceQuestions, opinionQuestions } from '../journey/asked.ts';
import { pathOf } from '../journey/journey.ts';
import type { Agreement } from '../types.ts';
import { moveAnswers } from './move-answers.ts';

/** Why a case under examination cannot be moved. A closed list: each has its words. */
export type MoveObstacle =
  /** The newer version has no such service. */
  | 'service'
  /** A state of the case is no party of it. */
  | 'party'
  /** Evidence was signed over facts of another form. */
  | 'facts'
  /** It calls for evidence that the case does not have: only a draft is asked for more. */
  | 'evidence'
  /** Her answers are not complete or right by its form: only a draft is asked for more. */
  | 'answers'
  /** By it other authorities would decide. */
  | 'deciders'
  /** Its decision takes effect together with those of others, which are made by the contract that she filed under. */
  | 'joined';

/** A case as a move looks at it. */
export interface MovingCase {
  service: string;
  /** The deciding state, the applicant's, and all that decide on the application. */
  state: string;
  home: string;
  deciders: readonly string[];
  filedOn: PlainDate;
  answers: Answers;
  /** What was signed: of which type, by which state, over facts of which schema. */
  evidence: readonly { type: string; state: string; schema: string }[];
  /** What she went on without, or what had not come, as `type/state`. */
  without: readonly string[];
}

/** What a move of a case to another contract means. */
export interface CaseMove {
  /** Every change between the two, with what it means. */
  changes: Change[];
  /** Her answers as the newer contract has them. */
  answers: Answers;
  /** Nothing stands in the way where it is empty. */
  obstacles: MoveObstacle[];
}

/**
 * What moving a case under examination from one contract to a newer one means, and whether it can be: the newer form is held against
 * her answers, as far as a migration brings them along, and what it calls for against the evidence that is there. A pure function.
 * @example moveOf(before, after, held).obstacles // ['evidence']: the newer contract asks one register more
 */
export function moveOf(before: Agreement, after: Agreement, held: MovingCase): CaseMove {
  const changes = classifyChanges(before, after);
  const service = Object.hasOwn(after.services, held.service) ? after.services[held.service] : undefined;
  if (service === undefined) return { changes, answers: held.answers, obstacles: ['service'] };
  const { answers, left } = moveAnswers(held.answers, {
    ...{ from: before, to: after, service: held.service },
    migrations: after.migrations,
  });
  const input = { home: held.home, claim: held.filedOn, answers };
  const path = pathOf(after, service, input);
  const wanted = [...evidenceQuestions(after, service, input), ...opinionQuestions(after, service, input)].map(
    (one) => `${one.evidence.type}/${one.state}`,
  );
  const told = [...held.evidence.map(({ type, state }) => `${type}/${state}`), ...held.without];
  const states = [held.state, held.home, ...held.deciders, ...held.evidence.map(({ state }) => state)];
  // A field that the newer contract does not ask keeps its answer in the log; any other answer that does not come along is missing.
  const lost = left.filter((name) => Object.hasOwn(service.fields, name));
  const stands: Record<MoveObstacle, boolean> = {
    service: false,
    party: states.some((state) => !after.parties.includes(state)),
    facts: held.evidence.some(
      ({ type, schema }) => service.evidence.includes(type) && after.evidence[type]?.schemaDigest !== schema,
    ),
    evidence: wanted.some((key) => !told.includes(key)),
    answers: !path.complete || lost.length > 0 || digestOf(path.answers) !== digestOf(answers),
    joined: [before.services[held.service], service].some(
      (one) => held.deciders.length > 1 && one !== undefined && one.decidedBy.join !== 'independent',
    ),
    deciders: digestOf(decidersOf(after, service, input)) !== digestOf([...held.deciders]),
  };
  const obstacles = (Object.keys(stands) as MoveObstacle[]).filter((one) => stands[one]);
  return { changes, answers, obstacles };
}
