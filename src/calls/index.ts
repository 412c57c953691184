/** Calls: what information systems ask each other across nodes, signed, logged at both ends, in one round trip. Floor 2. */
import type { Migrations } from '../storage/index.ts';
import sql from './sql/001-calls.sql';

export type { Body, CallAnswer, CallsContext, IncomingCall, OutgoingCall, Serve } from './context.ts';
export { eraseCallsBefore } from './erase.ts';
export { callFile, findCalls } from './evidence/collect.ts';
export { type VerifiedCall, type VerifiedStatement, verifyCallFile } from './evidence/verify.ts';
export { callsFailures } from './failures.ts';
export { listOpenCalls, type OpenCall } from './find.ts';
export { keptCallsRoutes } from './recovery/keep.ts';
export { recoverCalls } from './recovery/recover-calls.ts';
export { type Calls, startCalls } from './start.ts';

/** The tables of this room. */
export const migrations: Migrations = { room: 'calls', files: [{ name: '001-calls', sql }] };
