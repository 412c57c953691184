/**
 * Agreements: common processes as data. Loads and checks a folder, follows its forms, runs its rules.
 *
 * @example
 * const { agreement, findings } = await loadAgreement('agreements/pension');
 * decide(agreement, { service: 'pension', state: 'kz', home: 'kz', answers, evidence, dates: { claim: '2026-11-22' } });
 */

export { translationDigest } from './build/publishing.ts';
export { type Change, classifyChanges } from './changes/classify.ts';
export { type Checked, checkAgreement } from './check/check.ts';
export { type ClaimsInput, claimsOf } from './decision/claims.ts';
export { type DecideInput, decide } from './decision/decide.ts';
export { type Joined, joinDecisions } from './decision/join.ts';
export { lotOf } from './decision/lot.ts';
export { noticeOf, noticeStages, requestStages, shownOf } from './decision/notices.ts';
export { documentPage, type PageWords } from './decision/page.ts';
export { bySilence } from './decision/silence.ts';
export { confirmationsFor } from './decision/stages.ts';
export { decideBy, termsFor } from './decision/terms.ts';
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
export { exportRules } from './dmn/export-rules.ts';
export { importRules } from './dmn/import-rules.ts';
export { demandFacts } from './facts.ts';
export { AGREEMENT_FAILURES, AGREEMENT_FINDINGS } from './failures.ts';
export { type ContractVersion, compareVersions, contractInCommon } from './in-force.ts';
export { type AnswerErrorCode, type FileAnswer, isFileAnswer } from './journey/answers.ts';
export { decidersOf, type EvidenceQuestion, evidenceQuestions, opinionQuestions } from './journey/asked.ts';
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
export { isBusinessEvent, isLifeEvent, LIFE_EVENTS, type LifeEvent } from './life-events.ts';
export { getAgreement, type Loaded, loadAgreement, loadFiles } from './load.ts';
export { moveAnswers } from './moving/move-answers.ts';
export { type CaseMove, type MoveObstacle, moveOf } from './moving/move-case.ts';
export { type Preview, preview } from './preview.ts';
export { printJourneyMap } from './print/map/journey-map.tsx';
export { printRegulation, regulationStyle } from './print/regulation.tsx';
export { type Digests, digestsOf } from './print/sheet.ts';
export { type Edition, editionDigest, editionOf } from './publish/edition.ts';
export { type EditionHead, editionHeads, findEdition, listEditions, migrations } from './publish/edition-rows.ts';
export { type GateProblem, publishProblems } from './publish/gate.ts';
export { openLibrary } from './publish/open-library.ts';
export {
  approve,
  dropPrepared,
  findPrepared,
  listPrepared,
  type Prepared,
  prepareEdition,
  prepareRatification,
} from './publish/prepared.ts';
export { type PublishingContext, takeEdition } from './publish/take.ts';
export { type HeldWord, type Ratified, whatToRatify, wordsOf } from './publish/word.ts';
export { type FileSchema, fileSchemas } from './read/json-schemas.ts';
export { readAgreementFiles } from './read/read-files.ts';
export { coverageLines } from './scenarios/coverage-lines.ts';
export { runScenarios, type ScenarioResult } from './scenarios/run.ts';
export type { Scenario } from './scenarios/types.ts';
export type {
  Agreement,
  Annex,
  Article,
  Confirmations,
  CorrectAction,
  DecisionDeadline,
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
export { withheldUntil } from './withheld.ts';
