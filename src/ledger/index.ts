// The door of the ledger room: one append-only log per node, its proofs, and the witnessing of others. What only verifies is
// in proof/ and may also be imported by the browser's scripts.
import type { Migrations } from '../storage/index.ts';
import ledger from './sql/001-ledger.sql';
import mirror from './sql/002-mirror.sql';
import mirrorSteps from './sql/003-mirror-steps.sql';

export type { LedgerContext, LedgerReader } from './context.ts';
export { type LedgerFailureCode, ledgerFailures } from './failures.ts';
export { type AppendedLeaf, appendLeaf, appendLeaves, eraseLeaf, type NewLeaf } from './log/append.ts';
export { auditLedger, type ReadPath } from './log/audit.ts';
export { exportLedger } from './log/export.ts';
export { integrate as sequenceNow } from './log/integrate.ts';
export { openLog } from './log/log-row.ts';
export { checkpoint, consistencyProof, inclusion, leafState, provable, witnessedCheckpoint } from './log/read.ts';
export { carryPendingOver, type Regained, regainLog } from './log/regain.ts';
export { type Running, startSequencer } from './log/sequencer.ts';
export { type SequencingState, sequencingState } from './log/sequencing-state.ts';
export { type LedgerAnswer, readLedgerPath } from './log/serve.ts';
export { auditReceipt } from './monitor/audit-receipt.ts';
export { type Complaint, type ComplaintEvidence, listComplaints } from './monitor/complaint.ts';
export { type Followed, followLog } from './monitor/follow.ts';
export { readMirrorPath } from './monitor/give-back.ts';
export { type JudgedComplaint, judgeComplaint } from './monitor/judge.ts';
export { listMirrors } from './monitor/mirror.ts';
export {
  type ConsistencyProof,
  type InclusionProof,
  type LeafKind,
  type LeafOpening,
  type LedgerTrust,
  type ProofRefusal,
  parseProofFile,
  proofFile,
  quorumOf,
  type VerifiedInclusion,
} from './proof/index.ts';
export { type InclusionTrust, verifyInclusion } from './verify.ts';
export { addCheckpoint, type WitnessAnswer, type WitnessContext } from './witness/add-checkpoint.ts';
export type { WitnessingContext, WitnessPeer } from './witness/peer.ts';
export { type Fork, listForks, readWitnessPath } from './witness/serve.ts';
export { type LedgerStatus, ledgerStatus, witnessingState } from './witness/status.ts';
export { startWitnessing } from './witness/witnessing.ts';

export const migrations: Migrations = {
  room: 'ledger',
  files: [
    { name: '001-ledger', sql: ledger },
    { name: '002-mirror', sql: mirror },
    { name: '003-mirror-steps', sql: mirrorSteps },
  ],
};
