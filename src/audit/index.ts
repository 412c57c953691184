import type { Migrations } from '../storage/index.ts';
import audit from './sql/001-audit.sql';

/** Audit: what operators did to their own node, who it was and why; in a history and in the ledger. Floor 1. */
export { type Act, type ActKind, auditFailures, demandReason, listActs, recordAct } from './acts.ts';

/** The tables of this room. */
export const migrations: Migrations = { room: 'audit', files: [{ name: '001-audit', sql: audit }] };
