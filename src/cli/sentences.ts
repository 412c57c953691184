import { cryptoFailures } from '../crypto/index.ts';
import { documentsFailures } from '../documents/index.ts';
import { exchangeFailures } from '../exchange/index.ts';
import { ledgerFailures } from '../ledger/index.ts';
import { REGISTERS_FAILURES } from '../registers/index.ts';
import { STORAGE_FAILURES } from '../storage/index.ts';
import { unionFailures } from '../union/index.ts';
import { CLI_FAILURES } from './failures.ts';

/** The sentences of all refusals that a command can meet, by code. */
export const SENTENCES: Readonly<Record<string, string>> = {
  ...STORAGE_FAILURES,
  ...cryptoFailures,
  ...unionFailures,
  ...ledgerFailures,
  ...exchangeFailures,
  ...REGISTERS_FAILURES,
  ...documentsFailures,
  ...CLI_FAILURES,
};
