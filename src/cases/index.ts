import cases from './sql/001-cases.sql';
import corrections from './sql/002-corrections.sql';
import opinions from './sql/003-opinions.sql';
import movedCases from './sql/004-moved-cases.sql';
import retention from './sql/005-retention.sql';
import assignment from './sql/006-assignment.sql';

export { waitsForOpinions } from './ask-opinions.ts';
export { assignCase, noteOnCase } from './assign.ts';
export type { CaseQueue, QueueFilter } from './case-rows.ts';
export { confirmCase, returnCase } from './confirm.ts';
export type { CasesContext } from './context.ts';
export { correctionAsked } from './correction-asked.ts';
export { confirmCorrection, declineCorrection, proposeCorrection } from './corrections.ts';
export { eraseKept, type Kept, listDue, type Whose } from './erase.ts';
export { CASES_FAILURES } from './failures.ts';
export { type CaseCounts, caseCounts, type DecisionFigures, decisionFigures } from './figures.ts';
export { caseJobs } from './jobs.ts';
export { decisionsJoined } from './join-arrived.ts';
export { moveCase, type PreviewedMove, previewMove } from './move-case.ts';
export { noticeArrived } from './notice-arrived.ts';
export { noticesOf, openNotice, sendNotice } from './notices.ts';
export { claimArrived } from './open.ts';
export { opinionAsked } from './opinion-asked.ts';
export { opinionGiven, opinionOverdue, opinionRefused } from './opinion-given.ts';
export { acceptOpinion, declineOpinion, giveOpinion, openOpinion, opinionsOf, termsOf } from './opinions.ts';
export { listableServices, openAttachment, openCaseFile, queueOf, queueSize, rowsOf } from './read.ts';
export { type ReplayedCase, type ReplayedOutcome, replayCases } from './replay.ts';
export { forgetQueue, type SavedQueue, savedQueues, saveQueue } from './saved-queues.ts';
export { supplementArrived } from './supplement.ts';
export type {
  ActionActor,
  AskedOpinion,
  CaseAction,
  CaseAttachment,
  CaseFile,
  CasePhase,
  CaseRow,
  CaseState,
  Correctable,
  ReceivedNotice,
  Verb,
} from './types.ts';

/** The tables of this room. */
export const migrations = {
  room: 'cases',
  files: [
    { name: '001-cases', sql: cases },
    { name: '002-corrections', sql: corrections },
    { name: '003-opinions', sql: opinions },
    { name: '004-moved-cases', sql: movedCases },
    { name: '005-retention', sql: retention },
    { name: '006-assignment', sql: assignment },
  ],
};
