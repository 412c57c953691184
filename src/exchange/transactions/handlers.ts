import type { Json, Tx } from '../../storage/index.ts';
import type { Pattern } from '../protocol/head.ts';
import type { TimerName, TransactionRecord } from './record.ts';

/**
 * What an operation does on either side. Each runs exactly once, in the transaction of the message or timer that caused it; to answer at
 * once, call `respondTransaction` with the same `tx`.
 */
export interface TransactionHandlers {
  /** The asked side: a request came. */
  onRequest?(tx: Tx, transaction: TransactionRecord, body: Json): Promise<void>;
  /** The asking side: it was accepted for processing; answered; refused with a code; a timer ran out. */
  onAccepted?(tx: Tx, transaction: TransactionRecord, body: Json): Promise<void>;
  onResponse?(tx: Tx, transaction: TransactionRecord, body: Json): Promise<void>;
  onRefused?(tx: Tx, transaction: TransactionRecord, code: string): Promise<void>;
  onOverdue?(tx: Tx, transaction: TransactionRecord, timer: TimerName): Promise<void>;
}

/** What a contract says of one of its transactions. */
type Resolved = { operation: string; pattern: Pattern } | undefined;

/** How the operations of transactions are found. */
export interface TransactionOptions {
  /** By operation, e.g. `fetchEvidence`. */
  operations: Record<string, TransactionHandlers>;
  /**
   * What a transaction is, by its contract and code, from the asked side's own copy of the contract; undefined, or another pattern
   * than the request names, refuses the request (EXCHANGE_CONTRACT_UNKNOWN).
   */
  resolve(contract: string, code: string): Resolved | Promise<Resolved>;
}

export interface OperationFinder {
  ofRecord(record: TransactionRecord): TransactionHandlers | undefined;
}

export function findOperations(options: TransactionOptions): OperationFinder {
  return {
    ofRecord: ({ operation }) =>
      Object.hasOwn(options.operations, operation) ? options.operations[operation] : undefined,
  };
}
