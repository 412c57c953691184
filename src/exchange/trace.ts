import { traceOfId } from '../measures/index.ts';
import type { MessageHead } from './protocol/head.ts';

/** All messages of a transaction are one trace, any other is its own. Both ends know the id, so that nothing that is signed has to say it. */
export const traceOfMessage = ({ id, transaction }: Pick<MessageHead, 'id' | 'transaction'>): string =>
  traceOfId(transaction?.id ?? id);
