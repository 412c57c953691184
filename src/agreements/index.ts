/**
 * Agreements: common processes as data. Loads and checks a folder, follows its forms, runs its rules.
 *
 * @example
 * const { agreement, findings } = await loadAgreement('agreements/pension');
 * decide(agreement, { service: 'pension', state: 'kz', home: 'kz', answers, evidence, dates: { claim: '2026-11-22' } });
 */
export { type Checked, checkAgreement } from './check/check.ts';
export { type ClaimsInput, claimsOf } from './decision/claims.ts';
export { type DecideInput, decide } from './decision/decide.ts';
export { type Joined, joinDecisions } from './decision/join.ts';
export { noticeOf, noticeStages } from './decision/notices.ts';
export { documentPage, type PageWords } from './decision/page.ts';
export { confirmationsFor } from './decision/stages.ts';
export type {
  Answers,
  Decision,
  EvidenceFacts,
  ExplainedFact,
  Explanation,
  Missing,
  Outcome,
  Pending,
} from './decision/types.ts';
export { demandFacts } from './facts.ts';
export { AGREEMENT_FAILURES, AGREEMENT_FINDINGS } from './failures.ts';
export { type AnswerErrorCode, type FileAnswer, isFileAnswer } from './journey/answers.ts';
export { decidersOf, type EvidenceQuestion, evidenceQuestions } from './journey/asked.ts';
export { filesNamed, type NamedFile } from './journey/files.ts';
export { type PostedForm, readForm } from './journey/form.ts';
export {
  applyAnswers,
  type FieldError,
  type FieldState,
  type Journey,
  type JourneyInput,
  type PageState,
  pathOf,
  questionsState,
  reachableAnswers,
  type ThingState,
} from './journey/journey.ts';
export { applyThing, removeThing, type ThingPlace, thingOf } from './journey/things.ts';
export { type AgreementLibrary, agreementLibrary } from './library.ts';
export { getAgreement, type Loaded, loadAgreement } from './load.ts';
export { type Preview, preview } from './preview.ts';
export { type FileSchema, fileSchemas } from './read/json-schemas.ts';
export { coverageLines } from './scenarios/coverage-lines.ts';
export type { Scenario } from './scenarios/types.ts';
export type {
  Agreement,
  Annex,
  Article,
  Confirmations,
  DocumentType,
  EvidenceType,
  Expression,
  Field,
  FieldType,
  FileKind,
  Finding,
  Ground,
  ListOfThings,
  Notice,
  Operation,
  Page,
  Pattern,
  Position,
  Role,
  Rule,
  Service,
  Stage,
  TransactionType,
} from './types.ts';
