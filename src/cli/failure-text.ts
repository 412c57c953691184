import { type Failure, failureSentence, STORAGE_FAILURES } from '../storage/index.ts';
import { unionFailures } from '../union/index.ts';
import { CLI_FAILURES } from './failures.ts';

/** The sentences of all refusals that a command can meet. */
const SENTENCES: Readonly<Record<string, string>> = { ...STORAGE_FAILURES, ...unionFailures, ...CLI_FAILURES };

/** A refusal as one English sentence for somebody at a terminal. */
export function sentenceOf(failure: Failure): string {
  return failureSentence(SENTENCES, failure);
}
