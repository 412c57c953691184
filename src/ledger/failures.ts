/** Every refusal of this room: code -> one English sentence. */
export const ledgerFailures = {
  LEDGER_ORIGIN: 'The log name {origin} has a space, a plus sign or a line end.',
  LEDGER_DAMAGED:
    'The stored tree of the log {origin} does not give the root of its checkpoint at size {size}: nothing more is signed.',
  LEDGER_SIZE: 'The log {origin} has {size} leaves: the sizes {first} and {second} cannot be asked for.',
  LEDGER_LEAF_ERASED: 'What opened the leaf {id} was erased: it stands in the log, and nobody can tell what it was.',
  LEDGER_TAIL_LOST:
    'The log {origin} has {size} leaves here, and others saw {held}: nobody holds those between. Open a new log: ./commonway ledger reopen --state STATE.',
  LEDGER_UNKNOWN: 'There is no log {origin} here.',
  LEDGER_PROOF_FORM: 'The proof has a wrong form: {reason}.',
  LEDGER_PROOF_ORIGIN: 'The proof is of the log {found}, not of {wanted}.',
  LEDGER_PROOF_LOG_SIGNATURE: 'The checkpoint is not signed by the key of the log {origin}.',
  LEDGER_PROOF_WITNESS_SIGNATURE: 'The cosignature of the witness {witness} does not match the checkpoint.',
  LEDGER_PROOF_WITNESSES: 'The checkpoint was seen by {found} of the trusted witnesses; {wanted} are needed.',
  LEDGER_PROOF_CONTENT: 'The proof is about another content.',
  LEDGER_PROOF_PATH: 'The path does not lead from the leaf {index} to the root of the checkpoint of {size} leaves.',
  LEDGER_PROOF_CONSISTENCY: 'The log of {second} leaves does not begin with its own earlier {first} leaves.',
} as const;

export type LedgerFailureCode = keyof typeof ledgerFailures;
