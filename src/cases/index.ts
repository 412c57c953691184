import cases from './sql/001-cases.sql';
import corrections from './sql/002-corrections.sql';

export type { CaseQueue } from './case-rows.ts';
export { confirmCase, returnCase } from './confirm.ts';
export type { CasesContext } from './context.ts';
export { correctionAsked } from './correction-asked.ts';
export { confirmCorrection, declineCorrection, proposeCorrection } from './corrections.ts';
export { CASES_FAILURES } from './failures.ts';
export { caseJobs } from './jobs.ts';
export { noticeArrived } from './notice-arrived.ts';
export { noticesOf, openNotice, sendNotice } from './notices.ts';
export { claimArrived } from './open.ts';
export { openAttachment, openCaseFile, queueOf } from './read.ts';
export { type ReplayedCase, type ReplayedOutcome, replayCases } from './replay.ts';
export { supplementArrived } from './supplement.ts';
export type {
  ActionActor,
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
  ],
};
