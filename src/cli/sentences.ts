import { STORAGE_FAILURES } from '../storage/index.ts';
import { unionFailures } from '../union/index.ts';
import { CLI_FAILURES } from './failures.ts';

/** The sentences of all refusals that a command can meet, by code. */
export const SENTENCES: Readonly<Record<string, string>> = { ...STORAGE_FAILURES, ...unionFailures, ...CLI_FAILURES };
