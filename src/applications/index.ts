import applications from './sql/001-applications.sql';
import movedDrafts from './sql/002-moved-drafts.sql';
import corrections from './sql/003-corrections.sql';
import movedCases from './sql/004-moved-cases.sql';
import mandates from './sql/005-mandates.sql';
import correctionDigests from './sql/006-correction-digests.sql';
import acting from './sql/007-acting.sql';
import openDraftsIndex from './sql/008-open-drafts.sql';

export {
  type ActingFor,
  type ActingMandate,
  actingFor,
  mandateService,
  representedBy,
  takeMandateBack,
} from './acting.ts';
export { type EvidenceAbout, verifyAgreedEvidence } from './agreed-evidence.ts';
export { askAgain, askEvidence, waiveEvidence } from './ask.ts';
export { claimAccepted, claimAnswered, claimRefused } from './case-answers.ts';
export { CASE_MOVED, caseMoved } from './case-moved.ts';
export type { ClaimAnswer } from './claim-answer.ts';
export type { ApplicationsContext } from './context.ts';
export {
  correctionAccepted,
  correctionAnswered,
  correctionRefused,
} from './correction-answers.ts';
export { askCorrection, type CorrectionPlace, correctionPlace, renewEvidence } from './corrections.ts';
export { verifyDecision } from './decision.ts';
export { decisionCorrected } from './decision-corrected.ts';
export { decisionFile } from './decision-file.ts';
export { type DraftFigures, draftFigures } from './draft-figures.ts';
export { openDrafts } from './draft-rows.ts';
export {
  discardDraft,
  dropThing,
  journey,
  journeyInput,
  type OpenDraft,
  openDraft,
  saveAnswers,
  saveThing,
  startDraft,
  thingDigest,
} from './drafts.ts';
export { evidenceAnswered, evidenceOverdue, evidenceRefused } from './evidence-answers.ts';
export { APPLICATIONS_FAILURES } from './failures.ts';
export { disclosures, forecast } from './forecast.ts';
export { documentFileArrived, getHeldDocument, heldDocuments } from './held-documents.ts';
export { AWARD, awardArrived, JOINED, type JoinedBody } from './join-decisions.ts';
export { addLateEvidence, SUPPLEMENT } from './late-evidence.ts';
export { mandatesFor } from './mandates.ts';
export { cardsOfDraft, isSettled, pendingCards, type Question, questions } from './questions.ts';
export { actedApplication, applicationsOf, getApplication, togetherOf } from './read.ts';
export { shortReference } from './reference.ts';
export { type ReplayedDraft, replayDrafts } from './replay.ts';
export { confirmEvidence, rememberPage, submit } from './submit.ts';
export type {
  Actor,
  Application,
  ApplicationCase,
  CaseStatus,
  CorrectionRequest,
  Disclosure,
  Draft,
  EvidenceCard,
  EvidenceStatus,
  Forecast,
  HeldDocument,
  ReplacedDecision,
  SealedApplication,
  SealedCorrectionRefusal,
  SealedCorrectionRequest,
  SealedDecision,
  SealedMove,
  SealedSupplement,
} from './types.ts';
export { type CarriedFile, type DraftFile, draftFiles, keptFile, openOwnFile, uploadFile } from './uploads.ts';

/** The tables of this room. */
export const migrations = {
  room: 'applications',
  files: [
    { name: '001-applications', sql: applications },
    { name: '002-moved-drafts', sql: movedDrafts },
    { name: '003-corrections', sql: corrections },
    { name: '004-moved-cases', sql: movedCases },
    { name: '005-mandates', sql: mandates },
    { name: '006-correction-digests', sql: correctionDigests },
    { name: '007-acting', sql: acting },
    { name: '008-open-drafts', sql: openDraftsIndex },
  ],
};
