import { accessFailures } from '../access/index.ts';
import { AGREEMENT_FAILURES, AGREEMENT_FINDINGS } from '../agreements/index.ts';
import { APPLICATIONS_FAILURES } from '../applications/index.ts';
import { auditFailures } from '../audit/index.ts';
import { CALENDAR_FAILURES } from '../calendar/index.ts';
import { callsFailures } from '../calls/index.ts';
import { CASES_FAILURES } from '../cases/index.ts';
import { cryptoFailures } from '../crypto/index.ts';
import { documentsFailures } from '../documents/index.ts';
import { doorsFailures } from '../doors/index.ts';
import { exchangeFailures } from '../exchange/index.ts';
import { FEEL_FAILURES } from '../feel/index.ts';
import { FILES_FAILURES } from '../files/index.ts';
import { identityFailures } from '../identity/index.ts';
import { ledgerFailures } from '../ledger/index.ts';
import { messagesFailures } from '../messages/index.ts';
import { PERSONS_FAILURES } from '../persons/index.ts';
import { REGISTERS_FAILURES } from '../registers/index.ts';
import { STORAGE_FAILURES } from '../storage/index.ts';
import { unionFailures } from '../union/index.ts';
import { webFailures } from '../web/index.ts';
import { CLI_FAILURES } from './failures.ts';

/** The sentence of every refusal, by code: one table from those of the rooms. */
export const SENTENCES: Readonly<Record<string, string>> = {
  ...STORAGE_FAILURES,
  ...cryptoFailures,
  ...unionFailures,
  ...ledgerFailures,
  ...PERSONS_FAILURES,
  ...FEEL_FAILURES,
  ...AGREEMENT_FAILURES,
  ...AGREEMENT_FINDINGS,
  ...exchangeFailures,
  ...callsFailures,
  ...accessFailures,
  ...auditFailures,
  ...messagesFailures,
  ...doorsFailures,
  ...identityFailures,
  ...REGISTERS_FAILURES,
  ...documentsFailures,
  ...CALENDAR_FAILURES,
  ...APPLICATIONS_FAILURES,
  ...FILES_FAILURES,
  ...CASES_FAILURES,
  ...webFailures,
  ...CLI_FAILURES,
};
