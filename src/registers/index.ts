/** Registers: the data sets that agencies are the authoritative source of, and the evidence they give from them. Floor 2. */
import type { Migrations } from '../storage/index.ts';
import registers from './sql/001-registers.sql';

export type { EvidenceContext, RecordContext, RegistersContext } from './context.ts';
export { type Correction, correctRow } from './correct-row.ts';
export { getRegister, loadRegisters, type RegisterSet } from './definition/load.ts';
export {
  type Column,
  REPRESENTED_KINDS,
  type Register,
  type RepresentedKind,
  type RowValues,
} from './definition/register.ts';
export type {
  Assertion,
  Assurance,
  Evidence,
  EvidenceGround,
  EvidenceQuery,
  EvidenceTerms,
  OrganisationSubject,
  PersonSubject,
} from './evidence/evidence.ts';
export { questionArrived } from './evidence/question-arrived.ts';
export { type Asked, serveEvidence } from './evidence/serve-evidence.ts';
export { type ExpectedEvidence, verifyEvidence } from './evidence/verify-evidence.ts';
export { REGISTERS_FAILURES, ROW_REASONS } from './failures.ts';
export {
  type ImportContext,
  type ImportInput,
  type ImportReport,
  importCsv,
  type Rejection,
} from './import/import-csv.ts';
export { findMandates, findOrganisation, type Mandate, type Represented, representedKey } from './mandates.ts';
export type { Match, OutwardResult } from './matching/match.ts';
export type { PersonName, Script } from './matching/names.ts';
export type { PersonClaim, PersonId } from './matching/person.ts';
export { type OpenedRecord, openRecord, type ReadReason, type RegisterOfficer } from './officer-access.ts';
export { personOfNumber } from './person-of-number.ts';
export { findResident, type SubjectAttributes, subjectAttributes } from './resident.ts';

/** The tables of this room. */
export const migrations: Migrations = { room: 'registers', files: [{ name: '001-registers', sql: registers }] };
