/** Persons of this state: their accounts' subjects, references, links and consents, and the record of who used their data. Floor 1. */
import type { Migrations } from '../storage/index.ts';
import persons from './sql/001-persons.sql';
import calls from './sql/002-calls.sql';
import counts from './sql/003-counts.sql';
import usage from './sql/004-usage.sql';
import mandates from './sql/005-mandates.sql';
import told from './sql/006-told.sql';

export { type AccessCount, type AccessEntry, accessCounts, accessRecord, findAccess } from './access/access-record.ts';
export type { AccessCaller, AccessContent, AccessGround } from './access/entry.ts';
export { type AccessNotice, noticeHandler, type SendNotice } from './access/notice.ts';
export { type NoticeChecks, receiveNotice } from './access/receive-notice.ts';
export { type NewAccess, NOTICES, recordAccess } from './access/record-access.ts';
export {
  demandUsageConsumer,
  findUsage,
  listUsageConsumers,
  setUsageConsumer,
  type UsageConsumer,
} from './access/usage-feed.ts';
export { type Consent, findConsent, giveConsent, listConsents, type NewConsent, withdrawConsent } from './consents.ts';
export type { PersonsContext } from './context.ts';
export { receiveCounts } from './counts/receive-counts.ts';
export { missingNotices, type ReconciledDay, reconciledDays, statementTimes } from './counts/reconcile.ts';
export { type CountsContext, countsJob, wantCounts } from './counts/statement.ts';
export { PERSONS_FAILURES } from './failures.ts';
export { findLinks, type LinkProof, listLinks, makeLink, type PersonLink, revokeLink } from './links.ts';
export {
  endMandate,
  type GivenMandate,
  giveMandate,
  heldMandates,
  listMandates,
  type MandateHolder,
} from './mandates.ts';
export { bindSubject, findSubjectOf, localIdOf, referenceFor, subjectOfReference } from './subjects.ts';
export { referencesOf, usersOf } from './whose.ts';

/** The tables of this room. */
export const migrations: Migrations = {
  room: 'persons',
  files: [
    { name: '001-persons', sql: persons },
    { name: '002-calls', sql: calls },
    { name: '003-counts', sql: counts },
    { name: '004-usage', sql: usage },
    { name: '005-mandates', sql: mandates },
    { name: '006-told', sql: told },
  ],
};
